//! A server: what it is, what it offers and to whom.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::builder::ServerBuilder;
use crate::caller::Caller;
use crate::catalogue::Catalogue;
#[cfg(feature = "http")]
use crate::http::CallerSource;
use crate::inject::{Call, Request, State};
use crate::limits::Limits;
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

/// Runs tools without knowing the type of the state.
pub(crate) trait Handlers: Send + Sync {
    /// Starts the tool at this position in the catalogue.
    fn call<'c>(&'c self, index: usize, request: &'c Request<'c>) -> Option<Outcome<'c>>;
}

pub(crate) struct StateHandlers<S: 'static> {
    pub(crate) state: S,
    pub(crate) tools: Box<[&'static ToolDef<S>]>,
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
        ServerBuilder::start(info, state)
    }

    /// The limits of this server. Example: [`Server`].
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Puts a checked server together.
    pub(crate) fn assemble(
        catalogue: Catalogue,
        limits: Limits,
        access: Access,
        texts: Texts,
        handlers: Arc<dyn Handlers>,
    ) -> Self {
        let running = AtomicU32::new(0);
        Self(Arc::new(Inner {
            catalogue,
            limits,
            access,
            texts,
            handlers,
            running,
        }))
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
