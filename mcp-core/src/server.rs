//! A server: what it is, what it offers and to whom.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedSemaphorePermit;

use crate::access::{Access, Policy};
use crate::builder::ServerBuilder;
use crate::bus::{Changes, ClientEvent};
use crate::caller::{Caller, Provenance};
use crate::catalogue::Catalogue;
use crate::client::ClientKey;
#[cfg(feature = "seal")]
use crate::custody::Custody;
#[cfg(feature = "http")]
use crate::http::CallerSource;
use crate::hub::Lists;
use crate::inject::{Call, Input, Request, State};
#[cfg(all(feature = "http", feature = "seal"))]
use crate::jsonrpc::Id;
use crate::limits::Limits;
use crate::notifier::Notifier;
use crate::observe::Observers;
use crate::prompt::PromptDef;
use crate::resource::ResourceDef;
use crate::result_policy::ResultPolicy;
use crate::server_info::ServerInfo;
use crate::texts::Texts;
use crate::tool::{Outcome, ToolDef};

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
    parts: Parts,
    running: AtomicU32,
    /// Running calls of identified callers, of those that have any.
    calls_of: Mutex<HashMap<Box<[u8]>, u32>>,
}

impl Inner {
    fn calls_of(&self) -> MutexGuard<'_, HashMap<Box<[u8]>, u32>> {
        self.calls_of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for Inner {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}

/// Who may call when nobody is identified, who identifies, and who decides.
pub(crate) struct Admission {
    pub(crate) anonymous: bool,
    pub(crate) local: Caller,
    pub(crate) policy: Option<Box<Policy>>,
    #[cfg(feature = "http")]
    pub(crate) source: Option<Arc<dyn CallerSource>>,
}

/// Something that a client can have run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// The tool at this position.
    Tool(usize),
    /// The resource at this position among all resources.
    Resource(usize),
    /// The prompt at this position.
    Prompt(usize),
}

/// Runs functions without knowing the type of the state.
pub(crate) trait Handlers: Send + Sync {
    /// Starts a function.
    fn start<'c>(&'c self, target: Target, request: &'c Request<'c>) -> Option<Outcome<'c>>;

    /// The state.
    fn state(&self) -> &(dyn Any + Send + Sync);
}

pub(crate) struct StateHandlers<S: 'static> {
    pub(crate) state: S,
    pub(crate) tools: Box<[&'static ToolDef<S>]>,
    pub(crate) resources: Box<[&'static ResourceDef<S>]>,
    pub(crate) prompts: Box<[&'static PromptDef<S>]>,
}

impl<S: Send + Sync> Handlers for StateHandlers<S> {
    fn start<'c>(&'c self, target: Target, request: &'c Request<'c>) -> Option<Outcome<'c>> {
        let call = Call::new(&self.state, request);
        Some(match target {
            Target::Tool(index) => (self.tools.get(index)?.call)(call),
            Target::Resource(index) => (self.resources.get(index)?.read)(call),
            Target::Prompt(index) => (self.prompts.get(index)?.get)(call),
        })
    }

    fn state(&self) -> &(dyn Any + Send + Sync) {
        &self.state
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
        ServerBuilder::start(info, state)
    }

    /// The limits of this server. Example: [`Server`].
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Tells clients of changes, from a task of your own. Example: [`Notifier`].
    pub fn notifier(&self) -> &Notifier {
        &self.0.notifier
    }

    /// Ends all subscriptions and streams for changes, each with its proper end, those that are asked
    /// for from now on as well. Hosts call it before they stop.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// server.end_subscriptions();
    /// ```
    pub fn end_subscriptions(&self) {
        self.0.notifier.0.close();
    }

    /// Keeps in touch with the other instances, over the bus of
    /// [`event_bus`](crate::ServerBuilder::event_bus), until it is dropped; without one it does
    /// nothing, for ever. Hosts run it as long as they serve.
    ///
    /// ```
    /// # use mcp_core::{LocalBus, Server, server_info};
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let server = Server::new(server_info!(), ()).event_bus(LocalBus::new()).build().unwrap();
    /// let in_touch = tokio::spawn(async move { server.keep_in_touch().await });
    /// // as long as it serves
    /// in_touch.abort();
    /// # });
    /// ```
    pub async fn keep_in_touch(&self) {
        let hub = &self.0.notifier.0;
        let Some(bridge) = hub.bridge() else {
            return std::future::pending().await;
        };
        let changes = |changes: &Changes| hub.apply(changes);
        bridge
            .run(changes, |client, event| self.apply(client, &event))
            .await;
    }

    /// Does here what a client did at another instance.
    #[cfg_attr(
        not(all(feature = "http", feature = "seal")),
        allow(clippy::unused_self, unused_variables) // only sessions have several instances
    )]
    fn apply(&self, client: ClientKey, event: &ClientEvent<'_>) {
        #[cfg(all(feature = "http", feature = "seal"))]
        {
            let custody = &self.0.custody;
            let wishes = || custody.sessions.wishes(self, client);
            match event {
                ClientEvent::Answered(id, answer) => {
                    custody.replies.fulfil(client, Id(id), *answer);
                }
                ClientEvent::Cancelled(id) => custody.sessions.cancel(client, id),
                ClientEvent::Ended => {
                    if !custody.sessions.end(client) {
                        tracing::warn!("no more ended sessions can be remembered");
                    }
                }
                ClientEvent::Subscribed(uri) => {
                    if wishes().is_none_or(|wishes| !wishes.listener.subscribe(uri)) {
                        tracing::warn!("no more subscriptions of clients can be remembered");
                    }
                }
                ClientEvent::Unsubscribed(uri) => {
                    if let Some(wishes) = wishes() {
                        wishes.listener.unsubscribe(uri);
                    }
                }
                ClientEvent::LogLevel(level) => {
                    if let Some(wishes) = wishes() {
                        wishes.set_log_level(*level);
                    }
                }
            }
        }
    }

    /// Says that this process alone serves the clients, so that what they hold for it may be sealed
    /// with a key that ends with the process. Hosts call it that know; it changes nothing when the
    /// server has keys. True when the server can seal from now on.
    ///
    /// A server on standard input is alone by nature. Several instances of one server need
    /// [`seal_with`](crate::ServerBuilder::seal_with) and keys in common.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let seals = server.single_process();
    /// # let _ = seals;
    /// ```
    pub fn single_process(&self) -> bool {
        #[cfg(feature = "seal")]
        return self.0.custody.single_process();
        #[cfg(not(feature = "seal"))]
        false
    }

    /// Says that the platform reads metrics from standard output, so that there are some unless somebody
    /// decided otherwise ([`Metrics`](crate::Metrics)). Hosts call it that know.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// server.metrics_by_default();
    /// ```
    pub fn metrics_by_default(&self) {
        self.0.observers.metrics().by_default();
    }

    /// Whether a [`CallerSource`] identifies callers over HTTP.
    ///
    /// Feature `http`.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// assert!(!server.has_caller_source());
    /// ```
    #[cfg(feature = "http")]
    pub fn has_caller_source(&self) -> bool {
        self.0.access.source.is_some()
    }

    /// Puts a checked server together.
    pub(crate) fn assemble(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            parts,
            running: AtomicU32::new(0),
            calls_of: Mutex::default(),
        }))
    }

    /// The lists of whose changes clients are told, as the server's capabilities say.
    pub(crate) fn changing_lists(&self) -> Lists {
        let (catalogue, texts) = (&self.0.catalogue, &self.0.texts);
        Lists {
            tools: catalogue.has_tools() && texts.tools_change(),
            prompts: catalogue.has_prompts() && texts.lists_change(),
            resources: catalogue.has_resources() && texts.lists_change(),
        }
    }

    /// Whether clients of older revisions get sessions over HTTP.
    #[cfg_attr(not(feature = "seal"), allow(clippy::unused_self))]
    #[cfg(feature = "http")]
    pub(crate) fn has_sessions(&self) -> bool {
        #[cfg(feature = "seal")]
        return self.0.custody.sealer().is_some();
        #[cfg(not(feature = "seal"))]
        false
    }

    /// Starts a function, if the policy lets it. Runs code of the author, which may panic.
    pub(crate) fn start<'c>(
        &'c self,
        target: Target,
        name: &'c str,
        request: &'c Request<'c>,
    ) -> Option<Outcome<'c>> {
        if let Some(policy) = self.0.access.policy.as_deref()
            && let Some(refused) = Access::new(target.into(), name, request).refused_by(policy)
        {
            return Some(Outcome::now(refused));
        }
        self.0.handlers.start(target, request)
    }

    /// What a function declares that it takes.
    pub(crate) fn input(&self, target: Target) -> Input<'_> {
        let catalogue = &self.0.catalogue;
        match target {
            Target::Tool(index) => catalogue
                .tools
                .get(index)
                .map_or_else(Input::default, |tool| Input {
                    args: tool.spec.args,
                    expects: &tool.expects,
                    rules: Some(&tool.rules),
                    cursor: tool.cursor,
                    secrets: tool.secrets.0,
                    tokens: tool.tokens,
                    texts: &[],
                }),
            Target::Resource(index) => {
                let mut templates = catalogue.templates.iter();
                let found = templates.find(|entry| entry.index == index);
                found.map_or_else(Input::default, |entry| Input {
                    texts: entry.spec.variables,
                    ..Input::default()
                })
            }
            Target::Prompt(index) => {
                catalogue
                    .prompts
                    .get(index)
                    .map_or_else(Input::default, |prompt| Input {
                        texts: prompt.spec.args,
                        ..Input::default()
                    })
            }
        }
    }

    /// Counts one more running call, or refuses it at a limit.
    pub(crate) fn enter(&self, caller: Option<&Caller>) -> Result<Place, Crowded> {
        let inner = &self.0;
        let before = inner.running.fetch_add(1, Ordering::Relaxed);
        let mut place = Place {
            inner: Arc::clone(inner),
            caller: None,
            of_tool: None,
        };
        if before >= inner.limits.in_flight {
            return Err(Crowded::Server);
        }
        // The local user has the process to themselves.
        if let Some(caller) = caller.filter(|caller| caller.provenance() != Provenance::Local) {
            let caller = caller.principal().into_boxed_slice();
            let mut calls = inner.calls_of();
            let count = calls.entry(caller.clone()).or_default();
            if *count >= inner.limits.in_flight_per_caller {
                return Err(Crowded::Caller);
            }
            *count += 1;
            place.caller = Some(caller);
        }
        Ok(place)
    }
}

/// Why there is no place for another call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crowded {
    Server,
    Caller,
}

/// What a server is put together from.
pub(crate) struct Parts {
    pub(crate) catalogue: Catalogue,
    pub(crate) limits: Limits,
    /// Whether results are checked against their schema before they are sent.
    pub(crate) check_results: bool,
    pub(crate) access: Admission,
    pub(crate) texts: Texts,
    pub(crate) handlers: Arc<dyn Handlers>,
    pub(crate) notifier: Notifier,
    pub(crate) observers: Observers,
    pub(crate) result_policy: ResultPolicy,
    /// Entries on one page of a list; `None` for whole lists.
    pub(crate) page_size: Option<usize>,
    /// Keys, and what must be known about what they sealed.
    #[cfg(feature = "seal")]
    pub(crate) custody: Custody,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

/// The place that one running call takes.
pub(crate) struct Place {
    inner: Arc<Inner>,
    /// Whose place it is, where that counts.
    caller: Option<Box<[u8]>>,
    /// A place among the calls of one tool, which goes with it.
    pub(crate) of_tool: Option<OwnedSemaphorePermit>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.inner.running.fetch_sub(1, Ordering::Relaxed);
        let Some(caller) = &self.caller else { return };
        let mut calls = self.inner.calls_of();
        let left = calls.get_mut(caller).map(|count| {
            *count -= 1;
            *count
        });
        if left == Some(0) {
            calls.remove(caller);
        }
    }
}
