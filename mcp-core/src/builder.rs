//! The description of a server, and what is checked before the first request.

mod check;
mod entries;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub(crate) use check::{check_budget, check_duration, check_name, check_text, check_tool_name};

#[cfg(feature = "http")]
use check::check_grants;
use check::check_limits;

use crate::access::{Access, Policy};
use crate::audit::Audit;
use crate::bus::{Bridge, EventBus};
use crate::caller::Caller;
#[cfg(feature = "redact")]
use crate::catalogue::ToolEntry;
use crate::catalogue::{Catalogue, Section};
#[cfg(feature = "seal")]
use crate::custody::Custody;
use crate::dynamic::DynamicTools;
use crate::expose::Exposed;
#[cfg(feature = "http")]
use crate::http::CallerSource;
use crate::hub::Hub;
use crate::intercept::Interceptor;
use crate::limits::Limits;
use crate::notifier::Notifier;
use crate::observe::{Metrics, Observers};
use crate::prompt::PromptDef;
#[cfg(feature = "redact")]
use crate::redact::Redactor;
use crate::refusal::{Refusal, Refused};
use crate::resource::ResourceDef;
use crate::result_policy::{CountTokens, ResultPolicy};
use crate::schema::SchemaProfile;
#[cfg(feature = "seal")]
use crate::seal::SealKeys;
use crate::server::{Admission, Parts, Server, StateHandlers};
use crate::server_info::ServerInfo;
use crate::single_use::SingleUse;
use crate::texts::Texts;
use crate::tool::{For, ToolDef};

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
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
pub struct ServerBuilder<S: 'static> {
    info: ServerInfo,
    state: S,
    instructions: Option<String>,
    tools: Vec<&'static ToolDef<S>>,
    resources: Vec<&'static ResourceDef<S>>,
    prompts: Vec<&'static PromptDef<S>>,
    dynamic: Option<DynamicTools>,
    list_changes: bool,
    schemas: SchemaProfile,
    protocol_names: bool,
    check_results: bool,
    page_size: Option<u16>,
    single_use: Option<Arc<dyn SingleUse>>,
    bus: Option<Arc<dyn EventBus>>,
    #[cfg(feature = "seal")]
    keys: Option<SealKeys>,
    audit: Audit,
    metrics: Option<Metrics>,
    interceptors: Vec<Box<dyn Interceptor>>,
    concurrency: Vec<(String, u16)>,
    result_policy: ResultPolicy,
    limits: Limits,
    anonymous: bool,
    local: Caller,
    policy: Option<Box<Policy>>,
    #[cfg(feature = "http")]
    source: Option<Arc<dyn CallerSource>>,
}

impl<S: Send + Sync> ServerBuilder<S> {
    pub(crate) fn start(info: ServerInfo, state: S) -> Self {
        Self {
            info,
            state,
            instructions: None,
            tools: Vec::new(),
            resources: Vec::new(),
            prompts: Vec::new(),
            dynamic: None,
            list_changes: false,
            schemas: SchemaProfile::Portable,
            protocol_names: false,
            check_results: false,
            page_size: None,
            single_use: None,
            bus: None,
            #[cfg(feature = "seal")]
            keys: None,
            audit: Audit::unsaid(),
            metrics: None,
            interceptors: Vec::new(),
            concurrency: Vec::new(),
            result_policy: ResultPolicy::new(),
            limits: Limits::default(),
            anonymous: false,
            local: Caller::local("local"),
            policy: None,
            #[cfg(feature = "http")]
            source: None,
        }
    }

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

    /// Adds resources, listed in the order written. Takes what [`resources!`](crate::resources)
    /// makes, and may be called several times. Clients can subscribe to each of them: say with a
    /// [`Notifier`] when one changed. Example: [`resources!`](crate::resources).
    pub fn resources<const N: usize>(
        mut self,
        list: impl FnOnce(For<S>) -> [&'static ResourceDef<S>; N],
    ) -> Self {
        self.resources.extend(list(For::new()));
        self
    }

    /// Adds prompts, listed in the order written. Takes what [`prompts!`](crate::prompts) makes, and
    /// may be called several times. Example: [`prompts!`](crate::prompts).
    pub fn prompts<const N: usize>(
        mut self,
        list: impl FnOnce(For<S>) -> [&'static PromptDef<S>; N],
    ) -> Self {
        self.prompts.extend(list(For::new()));
        self
    }

    /// Adds the tools, resources and prompts that are methods of the state. Example:
    /// [`expose`](crate::expose).
    pub fn exposed(mut self) -> Self
    where
        S: Exposed,
    {
        self.tools.extend(S::TOOLS);
        self.resources.extend(S::RESOURCES);
        self.prompts.extend(S::PROMPTS);
        self
    }

    /// Adds tools that come and go while the server runs. A second registry replaces the first.
    /// Example: [`DynamicTools`].
    pub fn dynamic_tools(mut self, tools: &DynamicTools) -> Self {
        self.dynamic = Some(tools.clone());
        self
    }

    /// Promises clients to tell them when a list has other entries (`listChanged`): for a server
    /// whose code calls [`Notifier::tools_changed`] and the like. [`DynamicTools`] promise it for
    /// tools by themselves. Example: [`Notifier::resources_changed`].
    pub fn list_changes(mut self) -> Self {
        self.list_changes = true;
        self
    }

    /// Which form of JSON Schema is published for the tools of [`tools!`](crate::tools); by default
    /// the portable one. Schemas of [`DynamicTools`] are published as they are written. Example:
    /// [`SchemaProfile`].
    pub fn schemas(mut self, profile: SchemaProfile) -> Self {
        self.schemas = profile;
        self
    }

    /// Admits every tool name that the protocol admits: 1 to 128 ASCII letters, digits, `_`, `-` and
    /// `.` ([tools, names]).
    ///
    /// Without this, a name is a lower-case letter and up to 47 lower-case letters, digits and `_`,
    /// those of [`DynamicTools`] included: clients put the server's name before it, and vendors
    /// take 60 to 64 characters in all, some of them neither `.` nor `-`.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info, tool, tools};
    /// /// Lists issues.
    /// #[tool(name = "issues.list")]
    /// fn list_issues() {}
    ///
    /// let server = || Server::new(server_info!(), ()).tools(tools![list_issues]);
    /// assert!(server().build().is_err());
    /// assert!(server().protocol_names().build().is_ok());
    /// ```
    ///
    /// [tools, names]: https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-names
    pub fn protocol_names(mut self) -> Self {
        self.protocol_names = true;
        self
    }

    /// Checks every structured result of a tool against its output schema before it is sent. One that
    /// does not fit becomes a result with `isError`, and the log says what is wrong with it.
    ///
    /// What derives `Serialize` and `JsonSchema` fits. A hand-written implementation, or a bound on
    /// a field (`#[schemars(range(max = 100))]`), may not. The [in-memory
    /// client](crate::testing::Client) checks all results, whatever is said here.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// let server = Server::new(server_info!(), ()).check_results().build();
    /// assert!(server.is_ok());
    /// ```
    pub fn check_results(mut self) -> Self {
        self.check_results = true;
        self
    }

    /// Sends lists in pages of this many entries, at least 1. Without this, a list comes whole, which
    /// clients that know no pages need. The cursors are sealed, so it takes keys:
    /// [`ServerBuilder::seal_with`], or a host that is alone.
    ///
    /// Feature `seal`.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// let server = Server::new(server_info!(), ()).page_size(50).build();
    /// assert!(server.is_ok());
    /// assert!(Server::new(server_info!(), ()).page_size(0).build().is_err());
    /// ```
    #[cfg(feature = "seal")]
    pub fn page_size(mut self, entries: u16) -> Self {
        self.page_size = Some(entries);
        self
    }

    /// Seals what clients hold for the server: states of tools that ask, cursors, sessions of older
    /// revisions. All instances of one server need keys in common. Example: [`SealKeys`].
    ///
    /// Feature `seal`.
    #[cfg(feature = "seal")]
    pub fn seal_with(mut self, keys: SealKeys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Connects the instances of this server, so that a client can reach any of them. Example:
    /// [`LocalBus`](crate::LocalBus).
    ///
    /// A change that one instance [notices](crate::Notifier) is heard of on all. What a client of an
    /// older revision does with one instance (its answers to questions, cancellations, subscriptions,
    /// log level, the end of its session) counts on all; while the bus is away such a request is
    /// answered 503, and everything else works. Changes wait meanwhile, each once; an instance that may
    /// have missed some tells its clients that everything may have changed.
    ///
    /// Hosts keep in touch as long as they serve
    /// ([`Server::keep_in_touch`](crate::Server::keep_in_touch)).
    pub fn event_bus(mut self, bus: impl EventBus) -> Self {
        self.bus = Some(Arc::new(bus));
        self
    }

    /// Remembers which states of `single_use` tools were used. Example: [`SingleUse`].
    pub fn single_use_store(mut self, store: impl SingleUse) -> Self {
        self.single_use = Some(Arc::new(store));
        self
    }

    /// What is recorded of calls, and where it goes; without this, one line of JSON per call on standard
    /// output. Example: [`audit`](crate::audit).
    pub fn audit(mut self, audit: Audit) -> Self {
        self.audit = audit;
        self
    }

    /// Where counts and durations of calls go, whatever the host and the environment say. Example:
    /// [`Metrics`].
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Adds somebody who has a say in every call. The first one that is added stands outermost. Example:
    /// [`intercept`](crate::intercept).
    pub fn interceptor(mut self, interceptor: impl Interceptor) -> Self {
        self.interceptors.push(Box::new(interceptor));
        self
    }

    /// Lets at most so many calls of this tool run at the same time, at least one, over all connections
    /// and clones of the server. One more is answered with the error -32603, over HTTP with status 429. A
    /// blocking tool counts until its function has returned.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info, tool, tools};
    /// /// Writes everything to a file.
    /// #[tool(blocking)]
    /// fn export() {}
    ///
    /// let server = || Server::new(server_info!(), ()).tools(tools![export]);
    /// assert!(server().tool_concurrency("export", 2).build().is_ok());
    /// assert!(server().tool_concurrency("exprot", 2).build().is_err());
    /// ```
    pub fn tool_concurrency(mut self, tool: impl Into<String>, most: u16) -> Self {
        self.concurrency.push((tool.into(), most));
        self
    }

    /// Takes out of everything that is sent what must not be. A second redactor replaces the first. Example:
    /// [`redact`](crate::redact).
    ///
    /// Feature `redact`.
    #[cfg(feature = "redact")]
    pub fn redactor(mut self, redactor: impl Redactor) -> Self {
        self.result_policy.redactor = Some(Arc::new(redactor));
        self
    }

    /// Counts the tokens of results, instead of taking three bytes for one. A second counter replaces the
    /// first. It runs for every result, so it should be fast. Example: [`CountTokens`].
    pub fn count_tokens(mut self, counter: impl CountTokens) -> Self {
        self.result_policy.counter = Some(Box::new(counter));
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

    /// Decides about every call of a tool, read of a resource and prompt, before its function runs: for
    /// rules that depend on arguments, such as whose row somebody may read. Scopes are checked before.
    /// Example: [`Access`].
    ///
    /// The error is answered as if the function had returned it, so a policy that gives the error which
    /// the function gives for what does not exist does not tell what does. A policy that panics refuses.
    /// It runs inline, so it should not block; what has to be looked up belongs into the function. A
    /// second policy replaces the first.
    pub fn policy<F>(mut self, policy: F) -> Self
    where
        F: Fn(&Access<'_>) -> crate::error::Result<()> + Send + Sync + 'static,
    {
        self.policy = Some(Box::new(policy));
        self
    }

    /// Identifies the callers of HTTP requests, on every ingress; the local caller then is the
    /// caller on standard input only. A second source replaces the first. Example:
    /// [`CallerSource`].
    ///
    /// Feature `http`.
    #[cfg(feature = "http")]
    pub fn caller_source(mut self, source: impl CallerSource) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Checks everything that can be checked before the first request.
    ///
    /// # Errors
    ///
    /// Two tools or prompts of one name, two resources of one URI, a description or instructions
    /// beyond 2,048 characters, a name of a tool that is not [portable](Self::protocol_names), a scope
    /// that the caller source can never grant, an argument or result type that the published schema
    /// cannot describe ([types](crate::types)), a pattern that is none, a header of an argument that
    /// cannot be one, a `single_use` tool without a store, a page without a cursor or the other way round,
    /// a budget below 100 tokens, an icon that is not at an `https:` or `data:` URL, a key for digests
    /// below 32 bytes, a namespace of metrics that CloudWatch does not take, a concurrency of a tool that
    /// there is not, pages without entries, a limit of zero or beyond 24 hours, a
    /// `timeout` included. The error names the first of them. Example: [`BuildError`].
    pub fn build(mut self) -> Result<Server, BuildError> {
        check_limits(&self.limits)?;
        if self.page_size == Some(0) {
            return Err(BuildError::new(
                Refusal::LimitOutOfRange,
                "a page of a list holds at least one entry; make `page_size` at least 1",
            ));
        }
        if !self.info.icons_are_safe() {
            return Err(BuildError::new(
                Refusal::IconUrl,
                "an icon of the server has to be at an `https:` or `data:` URL",
            ));
        }
        let metrics = match self.metrics.take() {
            Some(metrics) => metrics,
            None => metrics_of_environment()?,
        };
        if let Some(mistake) = metrics.mistake() {
            return Err(BuildError::new(Refusal::MetricsSetting, mistake));
        }
        if let Some(mistake) = self.audit.digests.mistake() {
            return Err(BuildError::new(Refusal::DigestKey, mistake));
        }
        if let Some(text) = &self.instructions {
            check_text("the instructions have", text)?;
        }
        let hub = Arc::new(Hub::new(
            self.limits.subscriptions,
            self.limits.subscriptions_per_caller,
            self.limits.subscribed_resources,
            self.bus.clone().map(|bus| Arc::new(Bridge::new(bus))),
        ));
        let catalogue = self.catalogue(&hub)?;
        let texts = Texts::new(
            &self.info,
            self.instructions.as_deref(),
            self.anonymous,
            self.list_changes,
            &catalogue,
        );
        #[cfg(feature = "http")]
        if let Some(source) = &self.source {
            check_grants(&catalogue, &**source)?;
        }
        let access = Admission {
            anonymous: self.anonymous,
            local: self.local,
            policy: self.policy,
            #[cfg(feature = "http")]
            source: self.source,
        };
        #[cfg(feature = "seal")]
        let custody = Custody::new(self.info.name(), self.keys, self.single_use, &self.limits);
        let handlers = StateHandlers {
            state: self.state,
            tools: self.tools.into(),
            resources: self.resources.into(),
            prompts: self.prompts.into(),
        };
        let in_flight = self.limits.in_flight;
        Ok(Server::assemble(Parts {
            catalogue,
            limits: self.limits,
            check_results: self.check_results,
            access,
            texts,
            handlers: Arc::new(handlers),
            notifier: Notifier(hub),
            observers: Observers::new(self.info.name(), self.audit, metrics, self.interceptors),
            result_policy: self.result_policy.for_calls(in_flight),
            page_size: self.page_size.map(usize::from),
            #[cfg(feature = "seal")]
            custody,
        }))
    }

    /// Checks what is registered.
    fn catalogue(&self, hub: &Arc<Hub>) -> Result<Catalogue, BuildError> {
        let max_lists = self.limits.cached_lists;
        let (resources, templates) =
            entries::resources(self.resources.iter().map(|def| &def.spec))?;
        #[cfg_attr(not(feature = "redact"), allow(unused_mut))]
        let mut tools = entries::tools(
            self.tools.iter().map(|def| &def.spec),
            self.single_use.is_some(),
            &self.concurrency,
            self.limits.result_tokens,
            self.schemas,
            self.protocol_names,
        )?;
        #[cfg(feature = "redact")]
        if self.result_policy.redacts() {
            tools.iter_mut().for_each(ToolEntry::expect_redaction);
        }
        if let Some(dynamic) = &self.dynamic {
            let names = tools.iter().map(|tool| tool.spec.name).collect();
            dynamic.serve(hub, names, self.protocol_names)?;
        }
        Ok(Catalogue {
            tools: Section::new(tools, max_lists),
            dynamic: self.dynamic.clone(),
            resources: Section::new(resources, max_lists),
            templates: Section::new(templates, max_lists),
            prompts: Section::new(
                entries::prompts(self.prompts.iter().map(|def| &def.spec))?,
                max_lists,
            ),
        })
    }
}

fn metrics_of_environment() -> Result<Metrics, BuildError> {
    let value = std::env::var_os("MCP_METRICS");
    let value = value.as_ref().map(|value| value.to_str().unwrap_or("?"));
    Metrics::of_environment(value).map_err(|text| BuildError::new(Refusal::MetricsSetting, text))
}

impl<S> fmt::Debug for ServerBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("info", &self.info)
            .finish_non_exhaustive()
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
/// let server = Server::new(server_info!(), ()).tools(tools![now]).tools(tools![now]);
/// let error = server.build().unwrap_err();
/// assert!(error.to_string().starts_with("two tools are named `now`"));
/// ```
#[derive(Debug)]
pub struct BuildError(Refused);

impl BuildError {
    pub(crate) fn new(refusal: Refusal, text: impl Into<Cow<'static, str>>) -> Self {
        Self(Refused::new(refusal, text))
    }

    /// Why, as a code that the text ends with.
    ///
    /// ```
    /// # use mcp_core::{Limits, Refusal, Server, server_info};
    /// let mut limits = Limits::default();
    /// limits.in_flight = 0;
    /// let error = Server::new(server_info!(), ()).limits(limits).build().unwrap_err();
    /// assert_eq!(error.refusal(), Refusal::LimitOutOfRange);
    /// ```
    pub fn refusal(&self) -> Refusal {
        self.0.refusal
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for BuildError {}
