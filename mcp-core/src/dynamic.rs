//! Tools that come and go while the server runs.

mod schema;

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, Weak};
use std::time::Duration;

use serde_core::de::Deserialize;

use crate::builder::{
    BuildError, check_budget, check_duration, check_name, check_text, check_tool_name,
};
use crate::caller::Caller;
use crate::catalogue::write_hints;
use crate::content::Contents;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::header_params::{self, HeaderParam};
use crate::hub::{Change, Hub};
use crate::inject::Request;
use crate::json;
use crate::notifier::Notifier;
use crate::protocol::Revision;
#[cfg(feature = "redact")]
use crate::redact::OutputCheck;
use crate::refusal::Refusal;
use crate::tool::Hints;

/// The most tools that one registry holds.
const MAX_TOOLS: usize = 1000;

/// Tools that are added, replaced and removed while the server runs. Cheap to clone: clones are the
/// same registry.
///
/// Its tools are listed after those of [`tools!`](crate::tools), in the order in which they were
/// added. Clients are told of every change. At most 1,000 tools.
///
/// ```
/// use mcp_core::{Content, DynamicTool, DynamicTools, Server, server_info};
///
/// let tools = DynamicTools::new();
/// let server = Server::new(server_info!(), ()).dynamic_tools(&tools).build().unwrap();
///
/// let schema = r#"{"type": "object", "properties": {"city": {"type": "string"}}}"#;
/// let tool = DynamicTool::new("weather", schema, |call| {
///     Box::pin(async move {
///         let arguments: serde_json::Value = call.parse()?;
///         Ok(Content::text(format!("Sunny in {}.", arguments["city"])).into())
///     })
/// });
/// tools.add(tool.unwrap().description("The weather of a city.")).unwrap();
/// assert!(tools.remove("weather") && !tools.remove("weather"));
/// # let _ = server;
/// ```
#[derive(Clone, Default)]
pub struct DynamicTools(Arc<Shared>);

#[derive(Default)]
struct Shared {
    tools: RwLock<Vec<(u64, Arc<DynamicTool>)>>,
    /// Names of the tools that do not change.
    reserved: OnceLock<Box<[&'static str]>>,
    hubs: Mutex<Vec<Weak<Hub>>>,
    /// Whether a server that takes portable names alone has the registry.
    portable_names: AtomicBool,
}

impl DynamicTools {
    /// A registry without tools. Example: [`DynamicTools`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool at the end of the list. Example: [`DynamicTools`].
    ///
    /// # Errors
    ///
    /// When there is a tool of this name, the registry is full, or a server that has the registry
    /// takes [portable names](crate::ServerBuilder::protocol_names) alone and this is none.
    pub fn add(&self, tool: DynamicTool) -> Result<(), BuildError> {
        if self.0.portable_names.load(Ordering::Relaxed) {
            check_tool_name(&tool.name, false)?;
        }
        let mut tools = self.0.tools.write().unwrap_or_else(PoisonError::into_inner);
        let reserved = self.0.reserved.get().into_iter().flatten();
        let taken = tools.iter().any(|(_, known)| known.name == tool.name)
            || reserved.into_iter().any(|name| *name == tool.name);
        if taken {
            return Err(BuildError::new(
                Refusal::NameTaken,
                format!(
                    "two tools are named `{}`; rename one, or replace the other",
                    tool.name
                ),
            ));
        }
        if tools.len() >= MAX_TOOLS {
            return Err(BuildError::new(
                Refusal::RegistryFull,
                format!("a registry holds at most {MAX_TOOLS} tools; remove some first"),
            ));
        }
        let next = tools.last().map_or(0, |(number, _)| number + 1);
        tools.push((next, Arc::new(tool)));
        drop(tools);
        self.announce();
        Ok(())
    }

    /// Puts a tool into the place of the one of its name. Calls in flight go on with the old one.
    ///
    /// ```
    /// # use mcp_core::{Contents, DynamicTool, DynamicTools};
    /// # let tool = || {
    /// #     let schema = r#"{"type": "object"}"#;
    /// #     let tool = DynamicTool::new("ping", schema, |_| Box::pin(async { Ok(Contents::default()) }));
    /// #     tool.unwrap().description("Says nothing.")
    /// # };
    /// let tools = DynamicTools::new();
    /// assert!(tools.replace(tool()).is_err());
    /// tools.add(tool()).unwrap();
    /// assert!(tools.replace(tool()).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// When there is none of its name.
    pub fn replace(&self, tool: DynamicTool) -> Result<(), BuildError> {
        let mut tools = self.0.tools.write().unwrap_or_else(PoisonError::into_inner);
        let Some((_, place)) = tools.iter_mut().find(|(_, known)| known.name == tool.name) else {
            return Err(BuildError::new(
                Refusal::NoSuchTool,
                format!("there is no tool `{}` to replace; add it", tool.name),
            ));
        };
        *place = Arc::new(tool);
        drop(tools);
        self.announce();
        Ok(())
    }

    /// Removes the tool of this name. Calls in flight go on. False when there is none. Example:
    /// [`DynamicTools`].
    pub fn remove(&self, name: &str) -> bool {
        let mut tools = self.0.tools.write().unwrap_or_else(PoisonError::into_inner);
        let before = tools.len();
        tools.retain(|(_, tool)| tool.name != name);
        let removed = tools.len() < before;
        drop(tools);
        if removed {
            self.announce();
        }
        removed
    }

    /// Connects the registry with a server.
    pub(crate) fn serve(
        &self,
        hub: &Arc<Hub>,
        reserved: Box<[&'static str]>,
        any_name: bool,
    ) -> Result<(), BuildError> {
        let tools = self.0.tools.read().unwrap_or_else(PoisonError::into_inner);
        let twice = |name: &&&str| tools.iter().any(|(_, tool)| tool.name == ***name);
        if let Some(name) = reserved.iter().find(twice) {
            return Err(BuildError::new(
                Refusal::NameTaken,
                format!("two tools are named `{name}`, one of them in the registry; rename one"),
            ));
        }
        tools
            .iter()
            .try_for_each(|(_, tool)| check_tool_name(&tool.name, any_name))?;
        drop(tools);
        if !any_name {
            self.0.portable_names.store(true, Ordering::Relaxed);
        }
        // A second server with other tools only loses the early report of a name given twice: its
        // own tools are found first.
        let _ = self.0.reserved.set(reserved);
        let mut hubs = self.0.hubs.lock().unwrap_or_else(PoisonError::into_inner);
        hubs.retain(|hub| hub.strong_count() > 0);
        hubs.push(Arc::downgrade(hub));
        Ok(())
    }

    fn announce(&self) {
        let hubs = self.0.hubs.lock().unwrap_or_else(PoisonError::into_inner);
        for hub in hubs.iter().filter_map(Weak::upgrade) {
            hub.publish(&Change::Tools);
        }
    }

    /// The tool of this name, if the caller may see it.
    pub(crate) fn find(&self, name: &str, caller: Option<&Caller>) -> Option<Arc<DynamicTool>> {
        self.any(name).filter(|tool| tool.is_visible_to(caller))
    }

    /// The tool of this name, whoever may call it.
    pub(crate) fn any(&self, name: &str) -> Option<Arc<DynamicTool>> {
        let tools = self.0.tools.read().unwrap_or_else(PoisonError::into_inner);
        let (_, tool) = tools.iter().find(|(_, tool)| tool.name == name)?;
        Some(Arc::clone(tool))
    }

    /// Appends up to `size` visible tools, from the one with this number on. Gives the number of the
    /// next one, or `None` at the end.
    pub(crate) fn page(
        &self,
        revision: Revision,
        caller: Option<&Caller>,
        from: u64,
        size: usize,
        out: &mut Vec<u8>,
    ) -> Option<u64> {
        let tools = self.0.tools.read().unwrap_or_else(PoisonError::into_inner);
        let visible = tools
            .iter()
            .filter(|(number, tool)| *number >= from && tool.is_visible_to(caller));
        for (taken, (number, tool)) in visible.enumerate() {
            if taken == size {
                return Some(*number);
            }
            if !out.is_empty() {
                out.push(b',');
            }
            tool.describe(revision, out);
        }
        None
    }

    /// Whether lists depend on who asks.
    pub(crate) fn varies_by_caller(&self) -> bool {
        let tools = self.0.tools.read().unwrap_or_else(PoisonError::into_inner);
        tools.iter().any(|(_, tool)| !tool.scopes.is_empty())
    }
}

impl fmt::Debug for DynamicTools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicTools").finish_non_exhaustive()
    }
}

type Running<'c> = Pin<Box<dyn Future<Output = Result<Contents>> + Send + 'c>>;

/// What a dynamic tool runs.
type Handler = dyn for<'c> Fn(DynamicCall<'c>) -> Running<'c> + Send + Sync;

/// A tool from a hand-written schema and a closure. Example: [`DynamicTools`].
///
/// The schema is published as it is written. It has to be valid under [JSON Schema 2020-12], the one
/// dialect that is supported, at most 64 KiB, and without references to anything outside of it.
/// Nothing but "an object" is checked against it: what the closure reads with [`DynamicCall::parse`]
/// is what it can rely on.
///
/// [JSON Schema 2020-12]: https://json-schema.org/draft/2020-12
pub struct DynamicTool {
    name: String,
    title: Option<String>,
    description: String,
    input_schema: Vec<u8>,
    output_schema: Option<Vec<u8>>,
    hints: Hints,
    scopes: Vec<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) budget: Option<u32>,
    pub(crate) headers: Box<[HeaderParam]>,
    /// What redacted results have to be, compiled when the first is.
    #[cfg(feature = "redact")]
    check: OnceLock<Option<OutputCheck>>,
    handler: Box<Handler>,
}

impl DynamicTool {
    /// A tool of this name, which takes what `input_schema` says ([JSON Schema 2020-12] as text, its
    /// root an object). Example: [`DynamicTools`].
    ///
    /// # Errors
    ///
    /// When the name is not 1 to 128 ASCII letters, digits, `_`, `-` and `.`; when the schema is no
    /// JSON object with `"type": "object"`, is not as [`DynamicTool`] says, or names a header that
    /// cannot be one.
    ///
    /// [JSON Schema 2020-12]: https://json-schema.org/draft/2020-12
    pub fn new<F>(
        name: impl Into<String>,
        input_schema: &str,
        handler: F,
    ) -> Result<Self, BuildError>
    where
        F: for<'c> Fn(
                DynamicCall<'c>,
            ) -> Pin<Box<dyn Future<Output = Result<Contents>> + Send + 'c>>
            + Send
            + Sync
            + 'static,
    {
        let name = name.into();
        check_name(&name)?;
        let input_schema = hand_written(&name, input_schema)?;
        let headers = header_params::of_schema(&input_schema)
            .map_err(|text| BuildError::new(Refusal::ArgumentHeader, text))?;
        Ok(Self {
            name,
            title: None,
            description: String::new(),
            input_schema,
            output_schema: None,
            hints: Hints::default(),
            scopes: Vec::new(),
            timeout: None,
            budget: None,
            headers,
            #[cfg(feature = "redact")]
            check: OnceLock::new(),
            handler: Box::new(handler),
        })
    }

    /// The text by which a model chooses the tool. Cut after 2,048 characters. Example:
    /// [`DynamicTools`].
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        if check_text("", &self.description).is_err() {
            self.description = self.description.chars().take(2048).collect();
        }
        self
    }

    /// The name that people read.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use mcp_core::{Contents, DynamicTool};
    /// let schema = r#"{"type": "object"}"#;
    /// let tool = DynamicTool::new("sync", schema, |_| Box::pin(async { Ok(Contents::default()) }));
    /// let tool = tool.unwrap().title("Synchronise").read_only(false).scopes(["sync:run"]);
    /// assert!(tool.timeout(Duration::from_secs(5)).is_ok());
    /// ```
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Whether the tool changes nothing. Example: [`DynamicTool::title`].
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.hints.read_only = Some(read_only);
        self
    }

    /// What a caller has to hold, all of it, to see and call the tool. Example:
    /// [`DynamicTool::title`].
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// How long a call may run, if it differs from the server's limit. Example:
    /// [`DynamicTool::title`].
    ///
    /// # Errors
    ///
    /// When it is zero or beyond 24 hours.
    pub fn timeout(mut self, limit: Duration) -> Result<Self, BuildError> {
        check_duration(&format!("the timeout of the tool `{}`", self.name), limit)?;
        self.timeout = Some(limit);
        Ok(self)
    }

    /// The tokens of one result, if they differ from the server's limit.
    ///
    /// ```
    /// # use mcp_core::{Contents, DynamicTool};
    /// let schema = r#"{"type": "object"}"#;
    /// let tool = DynamicTool::new("sync", schema, |_| Box::pin(async { Ok(Contents::default()) }));
    /// assert!(tool.unwrap().budget(5_000).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// When it is below 100.
    pub fn budget(mut self, tokens: u32) -> Result<Self, BuildError> {
        check_budget(&format!("the budget of the tool `{}`", self.name), tokens)?;
        self.budget = Some(tokens);
        Ok(self)
    }

    /// The schema of the structured content, published as it is written. The closure has to keep it:
    /// a result without structured content is an error, and nothing checks the content itself.
    ///
    /// ```
    /// # use mcp_core::{Contents, DynamicTool};
    /// let schema = r#"{"type": "object"}"#;
    /// let tool = DynamicTool::new("sync", schema, |_| Box::pin(async { Ok(Contents::default()) }));
    /// assert!(tool.unwrap().output_schema(r#"{"type": "object"}"#).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// When it is no JSON object with `"type": "object"`, or is not as [`DynamicTool`] says.
    pub fn output_schema(mut self, schema: &str) -> Result<Self, BuildError> {
        self.output_schema = Some(hand_written(&self.name, schema)?);
        Ok(self)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What redacted results have to be.
    #[cfg(feature = "redact")]
    pub(crate) fn check(&self) -> Option<&OutputCheck> {
        let schema = self.output_schema.as_ref()?;
        self.check.get_or_init(|| OutputCheck::new(schema)).as_ref()
    }

    /// Whether it promises structured content.
    pub(crate) fn is_structured(&self) -> bool {
        self.output_schema.is_some()
    }

    pub(crate) fn start<'c>(&self, request: &'c Request<'c>) -> Running<'c> {
        (self.handler)(DynamicCall { request })
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.hints.read_only == Some(true)
    }

    pub(crate) fn is_visible_to(&self, caller: Option<&Caller>) -> bool {
        self.scopes
            .iter()
            .all(|scope| caller.is_some_and(|caller| caller.has_scope(scope)))
    }

    fn describe(&self, revision: Revision, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"name":"#);
        json::string(out, &self.name);
        if let Some(title) = &self.title
            && revision.has_structured_content()
        {
            out.extend_from_slice(br#","title":"#);
            json::string(out, title);
        }
        out.extend_from_slice(br#","description":"#);
        json::string(out, self.description.trim());
        out.extend_from_slice(br#","inputSchema":"#);
        out.extend_from_slice(&self.input_schema);
        if let Some(schema) = &self.output_schema
            && revision.has_structured_content()
        {
            out.extend_from_slice(br#","outputSchema":"#);
            out.extend_from_slice(schema);
        }
        if revision.has_annotations() {
            write_hints(self.hints, out);
        }
        out.push(b'}');
    }
}

/// The text of a schema, on one line.
fn hand_written(tool: &str, schema: &str) -> Result<Vec<u8>, BuildError> {
    schema::check(schema).map_err(|problem| {
        BuildError::new(
            Refusal::SchemaNotUsable,
            format!("a schema of the tool `{tool}` {problem}"),
        )
    })
}

impl fmt::Debug for DynamicTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicTool")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// One call of a [`DynamicTool`]. Example: [`DynamicTools`].
#[derive(Clone, Copy)]
pub struct DynamicCall<'c> {
    request: &'c Request<'c>,
}

impl<'c> DynamicCall<'c> {
    /// The arguments, a JSON object, as the client wrote it.
    ///
    /// ```
    /// # use mcp_core::{Content, DynamicTool};
    /// let schema = r#"{"type": "object"}"#;
    /// let echo = DynamicTool::new("echo", schema, |call| {
    ///     Box::pin(async move { Ok(Content::text(call.arguments()).into()) })
    /// });
    /// # assert!(echo.is_ok());
    /// ```
    pub fn arguments(self) -> &'c str {
        self.request.arguments
    }

    /// The arguments as a value. Example: [`DynamicTools`].
    ///
    /// # Errors
    ///
    /// When they do not fit the type: a public error that says why, as far as `T` says it.
    pub fn parse<T: Deserialize<'c>>(self) -> Result<T> {
        serde_json::from_str(self.request.arguments)
            .map_err(|error| Error::new(format!("The arguments do not fit: {error}")))
    }

    /// Who calls; `None` for an anonymous caller.
    ///
    /// ```
    /// # use mcp_core::{Content, DynamicTool};
    /// let schema = r#"{"type": "object"}"#;
    /// let whoami = DynamicTool::new("whoami", schema, |call| {
    ///     Box::pin(async move {
    ///         call.notifier().tools_changed();
    ///         call.context().log(mcp_core::LogLevel::Debug, "asked");
    ///         let name = call.caller().map_or("nobody", |caller| caller.subject());
    ///         Ok(Content::text(name).into())
    ///     })
    /// });
    /// # assert!(whoami.is_ok());
    /// ```
    pub fn caller(self) -> Option<&'c Caller> {
        self.request.caller
    }

    /// This request. Example: [`DynamicCall::caller`].
    pub fn context(self) -> &'c Context {
        self.request.context()
    }

    /// Tells clients of changes. Example: [`DynamicCall::caller`].
    pub fn notifier(self) -> &'c Notifier {
        self.request.notifier()
    }
}

/// Shows no arguments: they are the client's.
impl fmt::Debug for DynamicCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicCall").finish_non_exhaustive()
    }
}
