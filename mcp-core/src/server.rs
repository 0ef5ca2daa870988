//! A server: what it is, what it offers and to whom.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::caller::Caller;
use crate::catalogue::{Catalogue, ToolEntry};
#[cfg(feature = "http")]
use crate::http::CallerSource;
use crate::inject::{Call, Request, State};
use crate::json;
use crate::limits::{LONGEST, Limits};
use crate::protocol::Revision;
use crate::tool::{For, Outcome, ToolDef};

/// Name and version of a server, as clients see them.
///
/// The protocol calls it `Implementation` ([schema, 2026-07-28]).
/// [`server_info!`](crate::server_info) fills in those of the user's crate.
///
/// ```
/// # use mcp_core::{Server, ServerInfo, testing::Client};
/// let info = ServerInfo::new("clock", "1.2.0").title("World clock");
/// let server = Server::new(info, ()).build().unwrap();
/// # let client = Client::new(&server);
/// # let asked = client.request("server/discover", serde_json::json!({}));
/// # let discovered = tokio::runtime::Runtime::new().unwrap().block_on(asked);
/// let seen = &discovered["_meta"]["io.modelcontextprotocol/serverInfo"];
/// assert_eq!(seen["name"], "clock");
/// assert_eq!(seen["title"], "World clock");
/// ```
///
/// [schema, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/schema#implementation
#[derive(Clone, Debug)]
pub struct ServerInfo {
    name: String,
    version: String,
    title: Option<String>,
}

impl ServerInfo {
    /// A server of this name and version. Neither is checked. Example: [`ServerInfo`].
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            title: None,
        }
    }

    /// The name that people read. Clients of revisions before 2025-06-18 do not get it, since it
    /// came with that one. Example: [`ServerInfo`].
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    fn to_json(&self, with_title: bool) -> Vec<u8> {
        let mut out = br#"{"name":"#.to_vec();
        json::string(&mut out, &self.name);
        out.extend_from_slice(br#","version":"#);
        json::string(&mut out, &self.version);
        if let Some(title) = self.title.as_deref().filter(|_| with_title) {
            out.extend_from_slice(br#","title":"#);
            json::string(&mut out, title);
        }
        out.push(b'}');
        out
    }
}

/// A server, ready for any host. Cheap to clone: clones share the state and the count of running
/// calls.
///
/// ```
/// use mcp_core::{Server, server_info, tool, tools};
///
/// /// Greets somebody by name.
/// #[tool(read_only)]
/// fn hello(
///     /// Who to greet.
///     name: &str,
/// ) -> String {
///     format!("Hello, {name}!")
/// }
///
/// let server = Server::new(server_info!(), ()).tools(tools![hello]).build().unwrap();
/// assert_eq!(server.limits().in_flight, 1024);
/// ```
#[derive(Clone)]
pub struct Server(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) catalogue: Catalogue,
    pub(crate) limits: Limits,
    pub(crate) access: Access,
    pub(crate) texts: Texts,
    pub(crate) handlers: Arc<dyn Handlers>,
    running: AtomicU32,
}

/// Who may call when nobody is identified, and who identifies.
pub(crate) struct Access {
    pub(crate) anonymous: bool,
    pub(crate) local: Caller,
    #[cfg(feature = "http")]
    pub(crate) source: Option<Arc<dyn CallerSource>>,
}

/// JSON that does not change after `build()`.
pub(crate) struct Texts {
    /// `,"_meta":{..}}`: ends every result of 2026-07-28.
    pub(crate) modern_end: Vec<u8>,
    /// The fields of the `server/discover` result between `resultType` and `_meta`.
    pub(crate) discover: Vec<u8>,
    /// The fields of the `initialize` result after `protocolVersion`: `,"capabilities":..`.
    initialize: Vec<u8>,
    initialize_with_title: Vec<u8>,
    /// Cache fields of lists: `,"ttlMs":..,"cacheScope":".."`.
    pub(crate) list_caching: Vec<u8>,
}

impl Texts {
    pub(crate) fn initialize(&self, revision: Revision) -> &[u8] {
        if revision.has_structured_content() {
            &self.initialize_with_title
        } else {
            &self.initialize
        }
    }
}

/// Runs tools without knowing the type of the state.
pub(crate) trait Handlers: Send + Sync {
    /// Starts the tool at this position in the catalogue.
    fn call<'c>(&'c self, index: usize, request: &'c Request<'c>) -> Option<Outcome<'c>>;
}

struct StateHandlers<S: 'static> {
    state: S,
    tools: Box<[&'static ToolDef<S>]>,
}

impl<S: Send + Sync> Handlers for StateHandlers<S> {
    fn call<'c>(&'c self, index: usize, request: &'c Request<'c>) -> Option<Outcome<'c>> {
        let tool = self.tools.get(index)?;
        Some((tool.call)(Call::new(&self.state, request)))
    }
}

impl Server {
    /// Starts to describe a server whose tools can borrow from `state`; `()` when they borrow
    /// nothing.
    ///
    /// ```
    /// use mcp_core::{Server, State, server_info, tool, tools};
    ///
    /// #[derive(State)]
    /// struct App {
    ///     greeting: String,
    /// }
    ///
    /// /// Greets.
    /// #[tool]
    /// fn hello(app: &App) -> String {
    ///     app.greeting.clone()
    /// }
    ///
    /// let app = App { greeting: "Hello!".to_owned() };
    /// assert!(Server::new(server_info!(), app).tools(tools![hello]).build().is_ok());
    /// ```
    #[allow(clippy::new_ret_no_self)] // a server is only complete after its builder
    pub fn new<S: State>(info: ServerInfo, state: S) -> ServerBuilder<S> {
        ServerBuilder {
            info,
            state,
            instructions: None,
            tools: Vec::new(),
            limits: Limits::default(),
            anonymous: false,
            local: Caller::local("local"),
            #[cfg(feature = "http")]
            source: None,
        }
    }

    /// The limits of this server. Example: [`Server`].
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Counts one more running call, or refuses it at the limit.
    pub(crate) fn enter(&self) -> Option<Place> {
        let inner = &self.0;
        let before = inner.running.fetch_add(1, Ordering::Relaxed);
        let place = Place(Arc::clone(inner));
        (before < inner.limits.in_flight).then_some(place)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

/// The place that one running call takes.
pub(crate) struct Place(Arc<Inner>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Describes a server. Made by [`Server::new`].
///
/// ```
/// use mcp_core::{Caller, Limits, Server, server_info, tool, tools};
///
/// /// Tells the time.
/// #[tool(scopes("clock:read"))]
/// fn now() -> String {
///     "noon".to_owned()
/// }
///
/// let mut limits = Limits::default();
/// limits.in_flight = 16;
/// let server = Server::new(server_info!(), ())
///     .tools(tools![now])
///     .instructions("Times are in UTC.")
///     .limits(limits)
///     .anonymous()
///     .local_caller(Caller::local("ann").with_scopes(["clock:read"]))
///     .build()
///     .unwrap();
/// assert_eq!(server.limits().in_flight, 16);
/// ```
pub struct ServerBuilder<S: 'static> {
    info: ServerInfo,
    state: S,
    instructions: Option<String>,
    tools: Vec<&'static ToolDef<S>>,
    limits: Limits,
    anonymous: bool,
    local: Caller,
    #[cfg(feature = "http")]
    source: Option<Arc<dyn CallerSource>>,
}

impl<S: Send + Sync> ServerBuilder<S> {
    /// Adds tools, listed in the order written. Takes what [`tools!`](crate::tools) makes, and may
    /// be called several times. Without any, the server has no method `tools/list`. Example:
    /// [`ServerBuilder`].
    pub fn tools<const N: usize>(
        mut self,
        list: impl FnOnce(For<S>) -> [&'static ToolDef<S>; N],
    ) -> Self {
        self.tools.extend(list(For::new()));
        self
    }

    /// How to use the server as a whole, for the model. At most 2,048 characters: clients cut
    /// longer ones silently ([Claude Code] at 2 KB, as it does descriptions of tools). White space
    /// around the text is left out. Example: [`ServerBuilder`].
    ///
    /// [Claude Code]: https://code.claude.com/docs/en/mcp
    pub fn instructions(mut self, text: impl Into<String>) -> Self {
        self.instructions = Some(text.into());
        self
    }

    /// Replaces the default [`Limits`]. [`ServerBuilder::build`] checks them. Example:
    /// [`ServerBuilder`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Admits callers that nobody identified, on every host.
    ///
    /// Without this, a request without a caller is answered 401 with `WWW-Authenticate: Bearer`
    /// ([RFC 6750, section 3]). Tools that take `&Caller` or need scopes stay out of an anonymous
    /// caller's reach either way. On standard input, and on a loopback address without a caller
    /// source, the local caller still is the caller.
    ///
    /// ```
    /// # use mcp_core::http::{Endpoint, Ingress};
    /// # use mcp_core::{Server, server_info};
    /// let closed = Server::new(server_info!(), ()).build().unwrap();
    /// let open = Server::new(server_info!(), ()).anonymous().build().unwrap();
    /// assert!(Endpoint::new(closed, Ingress::Platform).is_err());
    /// assert!(Endpoint::new(open, Ingress::Platform).is_ok());
    /// ```
    ///
    /// [RFC 6750, section 3]: https://www.rfc-editor.org/rfc/rfc6750#section-3
    pub fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// Who calls through standard input and, without a caller source, through a loopback address.
    /// By default the subject `local` with every scope. Example: [`ServerBuilder`].
    pub fn local_caller(mut self, caller: Caller) -> Self {
        self.local = caller;
        self
    }

    /// Identifies the callers of HTTP requests, on every ingress; the local caller then is the
    /// caller on standard input only. A second source replaces the first. Example:
    /// [`CallerSource`].
    #[cfg(feature = "http")]
    pub fn caller_source(mut self, source: impl CallerSource) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Checks everything that can be checked before the first request.
    ///
    /// # Errors
    ///
    /// Two tools of one name, a description or instructions beyond 2,048 characters, an argument
    /// or result type that contains itself, a limit of zero or beyond 24 hours, a tool's `timeout`
    /// included. The error names the first of them. Example: [`BuildError`].
    pub fn build(self) -> Result<Server, BuildError> {
        check_limits(&self.limits)?;
        if let Some(text) = &self.instructions {
            check_text("the instructions have", text)?;
        }
        let mut entries: Vec<ToolEntry> = Vec::with_capacity(self.tools.len());
        for tool in &self.tools {
            let spec = &tool.spec;
            if entries.iter().any(|entry| entry.spec.name == spec.name) {
                return Err(BuildError(format!(
                    "two tools are named `{}`; rename one, or give it `#[tool(name = \"...\")]`",
                    spec.name
                )));
            }
            check_text(
                &format!("the description of the tool `{}` has", spec.name),
                spec.description,
            )?;
            if let Some(limit) = spec.timeout {
                check_duration(&format!("the timeout of the tool `{}`", spec.name), limit)?;
            }
            let entry = ToolEntry::new(spec).map_err(|_| {
                BuildError(format!(
                    "the tool `{}` takes or returns a type that contains itself, which model \
                     vendors refuse; use a depth-limited copy of the type, or JSON in a string",
                    spec.name
                ))
            })?;
            entries.push(entry);
        }
        let catalogue = Catalogue::new(entries, self.limits.cached_lists);
        let texts = texts(&self, &catalogue);
        Ok(Server(Arc::new(Inner {
            catalogue,
            limits: self.limits,
            access: Access {
                anonymous: self.anonymous,
                local: self.local,
                #[cfg(feature = "http")]
                source: self.source,
            },
            texts,
            handlers: Arc::new(StateHandlers {
                state: self.state,
                tools: self.tools.into(),
            }),
            running: AtomicU32::new(0),
        })))
    }
}

impl<S> fmt::Debug for ServerBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// Longest text that clients pass on to a model in full, in characters.
const MAX_TEXT: usize = 2048;

fn check_text(what: &str, text: &str) -> Result<(), BuildError> {
    let length = text.trim().chars().count();
    if length > MAX_TEXT {
        return Err(BuildError(format!(
            "{what} {length} characters, and clients cut what is beyond {MAX_TEXT}; shorten it"
        )));
    }
    Ok(())
}

fn check_duration(what: &str, duration: Duration) -> Result<(), BuildError> {
    if duration.is_zero() || duration > LONGEST {
        return Err(BuildError(format!(
            "{what} has to be above zero and at most 24 hours"
        )));
    }
    Ok(())
}

fn check_limits(limits: &Limits) -> Result<(), BuildError> {
    let counts = [
        ("body_bytes", limits.body_bytes),
        ("line_bytes", limits.line_bytes),
        ("depth", u32::from(limits.depth)),
        ("arguments", u32::from(limits.arguments)),
        ("in_flight", limits.in_flight),
        ("result_bytes", limits.result_bytes),
    ];
    if let Some((name, _)) = counts.iter().find(|(_, count)| *count == 0) {
        return Err(BuildError(format!(
            "the limit `{name}` is zero and would refuse everything"
        )));
    }
    check_duration("the limit `call_timeout`", limits.call_timeout)?;
    check_duration("the limit `body_time`", limits.body_time)?;
    check_duration("the limit `write_stall`", limits.write_stall)
}

fn texts<S>(builder: &ServerBuilder<S>, catalogue: &Catalogue) -> Texts {
    let info = builder.info.to_json(true);
    let mut modern_end = br#","_meta":{""#.to_vec();
    modern_end.extend_from_slice(crate::protocol::meta::SERVER_INFO.as_bytes());
    modern_end.extend_from_slice(br#"":"#);
    modern_end.extend_from_slice(&info);
    modern_end.extend_from_slice(b"}}");

    let capabilities: &[u8] = if catalogue.is_empty() {
        b"{}"
    } else {
        br#"{"tools":{}}"#
    };
    let mut instructions = Vec::new();
    if let Some(text) = &builder.instructions {
        instructions.extend_from_slice(br#","instructions":"#);
        json::string(&mut instructions, text.trim());
    }
    // What everybody may see can be kept by shared caches; anything else only by the caller's own,
    // and not for long, since grants change.
    let caching = |shared: bool| {
        let scope = if shared { "public" } else { "private" };
        let ttl_ms = if shared { 300_000 } else { 0 };
        format!(r#","ttlMs":{ttl_ms},"cacheScope":"{scope}""#).into_bytes()
    };

    let versions = Revision::ALL.map(Revision::as_str);
    let mut discover = br#","supportedVersions":"#.to_vec();
    json::value(&mut discover, &versions);
    discover.extend_from_slice(br#","capabilities":"#);
    discover.extend_from_slice(capabilities);
    discover.extend_from_slice(&instructions);
    discover.extend_from_slice(&caching(builder.anonymous));

    let initialize = |with_title| {
        let mut out = br#","capabilities":"#.to_vec();
        out.extend_from_slice(capabilities);
        out.extend_from_slice(br#","serverInfo":"#);
        out.extend_from_slice(&builder.info.to_json(with_title));
        out.extend_from_slice(&instructions);
        out.push(b'}');
        out
    };
    Texts {
        modern_end,
        discover,
        initialize: initialize(false),
        initialize_with_title: initialize(true),
        list_caching: caching(builder.anonymous && !catalogue.varies_by_caller()),
    }
}

/// Why [`ServerBuilder::build`] refused, in words that say what to change.
///
/// ```
/// # use mcp_core::{Server, server_info, tool, tools};
/// /// Tells the time.
/// #[tool]
/// fn now() -> String {
///     "noon".to_owned()
/// }
///
/// let error = Server::new(server_info!(), ()).tools(tools![now, now]).build().unwrap_err();
/// assert!(error.to_string().starts_with("two tools are named `now`"));
/// ```
#[derive(Debug)]
pub struct BuildError(String);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BuildError {}
