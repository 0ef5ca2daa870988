//! The listener and its routes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use mcp_core::http::{Endpoint, EndpointError, Ingress};
use mcp_core::{HostError, Server};
use tokio::net::TcpListener;

use crate::shutdown::{self, Signals};

/// The environment variable that names the address to listen on.
const BIND: &str = "MCP_BIND";

/// Where a server listens when nobody says otherwise.
const DEFAULT_BIND: &str = "127.0.0.1:8000";

/// Serves until SIGTERM or Ctrl-C, on the address in `MCP_BIND`, by default `127.0.0.1:8000`.
///
/// On a loopback address, programs on the same machine may call. For anything else, use [`Host`]
/// and say who may. The short form of [`Host::serve`].
///
/// ```no_run
/// # use mcp_core::{Server, server_info};
/// # #[tokio::main]
/// # async fn main() -> Result<(), mcp_fargate_adapter::Error> {
/// let server = Server::new(server_info!(), ()).build()?;
/// mcp_fargate_adapter::serve(server).await
/// # }
/// ```
///
/// # Errors
///
/// When the address cannot be listened on, or is no loopback address.
pub async fn serve(server: Server) -> Result<(), HostError> {
    Host::new(server).serve().await
}

/// Serves on a listener that is already open, for programs on the same machine, until SIGTERM or
/// Ctrl-C. The short form of [`Host::serve_on`]. A test listens on port 0 and asks for the port:
///
/// ```
/// # use mcp_core::{Server, server_info};
/// # #[tokio::main]
/// # async fn main() -> Result<(), mcp_fargate_adapter::Error> {
/// # let server = Server::new(server_info!(), ()).build()?;
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// let address = listener.local_addr()?;
/// let serving = tokio::spawn(mcp_fargate_adapter::serve_on(listener, server));
/// assert!(tokio::net::TcpStream::connect(address).await.is_ok());
/// serving.abort();
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// When the listener fails, or its address is no loopback address.
pub async fn serve_on(listener: TcpListener, server: Server) -> Result<(), HostError> {
    Host::new(server).serve_on(listener).await
}

/// The routes of a server, to be merged into an application of your own: `/mcp`. Health routes and
/// the orderly end are [`Host`]'s; install a subscriber for `tracing`, or call
/// [`mcp_core::log::ensure`], so that causes of private errors are not lost.
///
/// ```
/// # use mcp_core::{Server, server_info};
/// use mcp_fargate_adapter::{Ingress, router};
///
/// let server = Server::new(server_info!(), ()).build().unwrap();
/// let app = axum::Router::<()>::new()
///     .route("/version", axum::routing::get(|| async { "1" }))
///     .merge(router(server.clone(), Ingress::Loopback).unwrap());
/// # let _ = app;
/// assert!(router(server, Ingress::Platform).is_err()); // it could not tell who calls
/// ```
///
/// Whose listener it is, is yours to know: `Ingress::Loopback` lets every request that names this
/// machine in its `Host` header act as the local user, so use it on loopback addresses only.
///
/// # Errors
///
/// When requests come from a network and the server could never identify a caller: it has neither
/// a `caller_source` nor `anonymous()`.
pub fn router(server: Server, ingress: Ingress) -> Result<Router, EndpointError> {
    Ok(Router::new().route_service("/mcp", Endpoint::new(server, ingress)?))
}

/// An HTTP host, to be configured.
///
/// Speaks HTTP/1.1 without TLS, which the load balancer or the platform in front adds. Beyond a
/// loopback address it needs an ingress, and its server a `caller_source` or `anonymous()`. The
/// protocol advises to listen on localhost only when running locally ([Streamable HTTP,
/// 2026-07-28]).
///
/// ```no_run
/// # async fn run(server: mcp_core::Server) -> Result<(), mcp_fargate_adapter::Error> {
/// use mcp_fargate_adapter::{Host, Ingress};
///
/// let ingress =
///     Ingress::Public { hosts: vec!["mcp.example.com".to_owned()], origins: Vec::new() };
/// Host::new(server).bind("0.0.0.0:8000").ingress(ingress).serve().await
/// # }
/// ```
///
/// [Streamable HTTP, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
#[derive(Debug)]
pub struct Host {
    server: Server,
    bind: Option<String>,
    ingress: Option<Ingress>,
    single_process: bool,
}

impl Host {
    /// A host of this server. Example: [`Host`].
    pub fn new(server: Server) -> Self {
        Self {
            server,
            bind: None,
            ingress: None,
            single_process: false,
        }
    }

    /// Listens on this address instead of the one in `MCP_BIND`: an IP address or a name, and a
    /// port. It is checked by [`Host::serve`]; [`Host::serve_on`] takes no notice of it. Example:
    /// [`Host`].
    pub fn bind(mut self, address: impl Into<String>) -> Self {
        self.bind = Some(address.into());
        self
    }

    /// Says from where requests may come. Needed for any address that is not a loopback address,
    /// where [`Ingress::Loopback`] is not enough. Example: [`Host`].
    pub fn ingress(mut self, ingress: Ingress) -> Self {
        self.ingress = Some(ingress);
        self
    }

    /// Says that this process alone serves its clients, so that what they hold for it (states of
    /// tools that ask, cursors, sessions of older revisions) may be sealed with a key that ends with
    /// the process. On a loopback address that goes without saying.
    ///
    /// With several instances behind one address, or one that is replaced while clients are in the
    /// middle of something, give the server keys instead: `ServerBuilder::seal_with` of
    /// `mcp_core` (feature `seal`). Keys that it has are used either way.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_fargate_adapter::Host;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let host = Host::new(server).single_process();
    /// # let _ = host;
    /// ```
    pub fn single_process(mut self) -> Self {
        self.single_process = true;
        self
    }

    /// Serves until SIGTERM or Ctrl-C. Calls in flight then get 25 seconds to finish; a second
    /// signal changes nothing.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_fargate_adapter::Host;
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let refused = Host::new(server).bind("0.0.0.0:0").serve().await.unwrap_err();
    /// assert!(refused.to_string().contains("configure `Host::ingress`"));
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on; when it is no loopback address and no ingress is
    /// configured; when the server could never identify a caller who comes from a network.
    pub async fn serve(self) -> Result<(), HostError> {
        let configured = self.bind.clone().or_else(|| std::env::var(BIND).ok());
        let bind = configured.as_deref().unwrap_or(DEFAULT_BIND);
        // A name is only known to be an address of this machine once it is bound.
        if let Ok(address) = bind.parse::<SocketAddr>() {
            check(address, self.ingress.clone())?;
        }
        let listener = TcpListener::bind(bind).await.map_err(|error| {
            HostError::new(format!(
                "cannot listen on `{bind}`: {error}; set `{BIND}` to another address, such as \
                 `127.0.0.1:8001`"
            ))
        })?;
        self.serve_on(listener).await
    }

    /// The same, on a listener that is already open. Example: the function [`serve_on`].
    ///
    /// # Errors
    ///
    /// When its address is no loopback address and no ingress is configured for it; when the server
    /// could never identify a caller who comes from a network; when the listener fails.
    pub async fn serve_on(self, listener: TcpListener) -> Result<(), HostError> {
        let address = listener.local_addr()?;
        mcp_core::log::ensure();
        let ingress = check(address, self.ingress)?;
        if self.single_process || address.ip().is_loopback() {
            self.server.single_process();
        }
        let server = self.server.clone();
        let ready = Arc::new(AtomicBool::new(true));
        let router = router(self.server, ingress)?.merge(health(Arc::clone(&ready)));
        let signals = Signals::catch()?;
        tracing::info!(%address, "listening");
        shutdown::serve_until_asked(listener, router, ready, server, signals).await
    }
}

/// The ingress of an address: loopback for a loopback address, a configured one for any other.
fn check(address: SocketAddr, configured: Option<Ingress>) -> Result<Ingress, HostError> {
    let text = match configured {
        None | Some(Ingress::Loopback) if address.ip().is_loopback() => {
            return Ok(Ingress::Loopback);
        }
        Some(Ingress::Loopback) => format!(
            "`Ingress::Loopback` is for loopback addresses, and `{address}` can be reached from \
             other machines; say with `Ingress::Public` who may call, or listen on `{DEFAULT_BIND}`"
        ),
        Some(ingress) => return Ok(ingress),
        None => format!(
            "`{address}` can be reached from other machines, and nothing says from which; \
             configure `Host::ingress`, or listen on a loopback address (`{BIND}={DEFAULT_BIND}`)"
        ),
    };
    Err(HostError::new(text))
}

/// The routes that a load balancer asks. They say nothing about the server, so anybody may ask.
fn health(ready: Arc<AtomicBool>) -> Router {
    let readiness = move || {
        let ready = ready.load(Ordering::Relaxed);
        async move {
            if ready {
                StatusCode::OK
            } else {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    };
    Router::new()
        .route("/healthz", get(|| async { StatusCode::OK }))
        .route("/readyz", get(readiness))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_beyond_loopback_needs_an_ingress_for_it() {
        let (near, far) = (
            "127.0.0.1:1".parse().unwrap(),
            "0.0.0.0:8000".parse().unwrap(),
        );
        assert_eq!(check(near, None).unwrap(), Ingress::Loopback);
        assert_eq!(
            check("[::1]:1".parse().unwrap(), None).unwrap(),
            Ingress::Loopback
        );
        assert_eq!(
            check(near, Some(Ingress::Platform)).unwrap(),
            Ingress::Platform
        );
        let refused = check(far, None).unwrap_err().to_string();
        assert!(refused.contains("`Host::ingress`"), "{refused}");
        let refused = check(far, Some(Ingress::Loopback)).unwrap_err().to_string();
        assert!(refused.contains("`Ingress::Public`"), "{refused}");
    }
}
