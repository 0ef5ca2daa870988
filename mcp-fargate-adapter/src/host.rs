//! The listener and its routes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::IntoResponse;
use axum::routing::get;
use mcp_core::http::{Endpoint, EndpointError, Ingress};
use mcp_core::{HostError, Refusal, Server};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::connections::{ConnectionLimits, Connections};
use crate::environment::{self, BIND, LOOPBACK};
use crate::shutdown::{self, Ending, Signals};

/// Serves until SIGTERM or Ctrl-C, where the environment says: [the crate](crate) lists the variables.
/// Without any, programs on the same machine may call, at `127.0.0.1:8000`. The short form of
/// [`Host::serve`].
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
/// When the address cannot be listened on, or is no loopback address and nothing says who may call.
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

/// The routes of a server, to be merged into an application of your own: `/mcp`, and what clients read under
/// `/.well-known/` before they sign in. What [`Host`] does beside is the application's then: health routes,
/// limits of connections, the bus of several instances ([`Server::keep_in_touch`]), the end of
/// subscriptions ([`Server::end_subscriptions`]) and a subscriber for `tracing`
/// ([`mcp_core::log::ensure`]), so that causes of private errors are not lost.
///
/// ```no_run
/// use axum::Router;
/// use axum::http::{HeaderName, HeaderValue, Response};
/// use axum::routing::get;
/// use mcp_core::{Server, server_info};
/// use mcp_fargate_adapter::{Ingress, router};
/// use tower::util::MapResponseLayer;
///
/// fn no_sniff<B>(mut response: Response<B>) -> Response<B> {
///     let name = HeaderName::from_static("x-content-type-options");
///     response.headers_mut().insert(name, HeaderValue::from_static("nosniff"));
///     response
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), mcp_fargate_adapter::Error> {
/// mcp_core::log::ensure();
/// let server = Server::new(server_info!(), ()).build()?;
/// let app = Router::new()
///     .route("/version", get(|| async { env!("CARGO_PKG_VERSION") }))
///     .merge(router(server.clone(), Ingress::Loopback)?)
///     .layer(MapResponseLayer::new(no_sniff));
///
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
/// axum::serve(listener, app)
///     .with_graceful_shutdown(async move {
///         // An error is a Ctrl-C that cannot be waited for.
///         let _ = tokio::signal::ctrl_c().await;
///         server.end_subscriptions();
///     })
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// Whose listener it is, is yours to know: `Ingress::Loopback` lets every request that names this
/// machine in its `Host` header act as the local user, so use it on loopback addresses only.
///
/// # Errors
///
/// When requests come from a network and the server could never identify a caller: it has neither
/// a `caller_source` nor `anonymous()`.
///
/// ```
/// # use mcp_core::{Server, server_info};
/// # use mcp_fargate_adapter::{Ingress, router};
/// let server = Server::new(server_info!(), ()).build().unwrap();
/// assert!(router(server, Ingress::Platform).is_err()); // it could not tell who calls
/// ```
pub fn router(server: Server, ingress: Ingress) -> Result<Router, EndpointError> {
    Ok(router_of(Endpoint::new(server, ingress)?))
}

/// The routes of an endpoint, as [`router`] has them: for one that is told its
/// [public URL](Endpoint::public_url), so that clients learn where to sign in.
///
/// ```
/// # use mcp_core::{Server, server_info};
/// use mcp_core::http::{Endpoint, Ingress};
/// use mcp_fargate_adapter::router_of;
///
/// # let server = Server::new(server_info!(), ()).anonymous().build().unwrap();
/// let hosts = vec!["mcp.example.com".to_owned()];
/// let endpoint = Endpoint::new(server, Ingress::Public { hosts, origins: Vec::new() })?
///     .public_url("https://mcp.example.com/mcp")?;
/// let app = axum::Router::<()>::new().merge(router_of(endpoint));
/// # let _ = app;
/// # Ok::<(), mcp_core::http::EndpointError>(())
/// ```
pub fn router_of(endpoint: Endpoint) -> Router {
    Router::new()
        .route_service("/mcp", endpoint.clone())
        .route_service("/.well-known/oauth-protected-resource", endpoint.clone())
        .route_service(
            "/.well-known/oauth-protected-resource/{*resource}",
            endpoint,
        )
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
    public_url: Option<String>,
    single_process: bool,
    connections: usize,
    idle: Duration,
    pre_drain: Option<Duration>,
    grace: Duration,
}

/// Connections at the same time.
const CONNECTIONS: usize = 10_240;

/// How long a connection may be silent: longer than the 60 seconds after which a load balancer of AWS
/// closes it, since otherwise the balancer sends a request into a connection that is being closed.
const IDLE: Duration = Duration::from_secs(75);

/// For how long a load balancer may go on sending requests after the process was asked to end.
const PRE_DRAIN: Duration = Duration::from_secs(3);

/// How long calls in flight may take then: with `PRE_DRAIN` less than the 30 seconds that ECS waits by
/// default before it kills a container.
const GRACE: Duration = Duration::from_secs(25);

/// The longest of these times that can be asked for.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

impl Host {
    /// A host of this server. Example: [`Host`].
    pub fn new(server: Server) -> Self {
        Self {
            server,
            bind: None,
            ingress: None,
            public_url: None,
            single_process: false,
            connections: CONNECTIONS,
            idle: IDLE,
            pre_drain: None,
            grace: GRACE,
        }
    }

    /// Listens on this address, whatever the environment says: an IP address or a name, and a
    /// port. It is checked by [`Host::serve`]; [`Host::serve_on`] takes no notice of it. Example:
    /// [`Host`].
    pub fn bind(mut self, address: impl Into<String>) -> Self {
        self.bind = Some(address.into());
        self
    }

    /// Says from where requests may come, whatever the environment says. Needed for any address that is
    /// not a loopback address, where [`Ingress::Loopback`] is not enough. Example: [`Host`].
    pub fn ingress(mut self, ingress: Ingress) -> Self {
        self.ingress = Some(ingress);
        self
    }

    /// Where clients reach the server, whatever `MCP_PUBLIC_URL` says: an `https:` URL, or `http:` on a
    /// loopback address. Clients are told by it where to sign in ([`Endpoint::public_url`]), and, where
    /// nothing else says who may call, its host is the one that is served.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_fargate_adapter::Host;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let host = Host::new(server).public_url("https://mcp.example.com/mcp");
    /// # let _ = host;
    /// ```
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
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

    /// How many connections there are at the same time. Default 10,240; one more is answered 503 with
    /// `Retry-After` and closed. The process needs a file descriptor for each.
    ///
    /// ```
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_fargate_adapter::Host;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let host = Host::new(server).connections(500);
    /// # let _ = host;
    /// ```
    pub fn connections(mut self, open: usize) -> Self {
        self.connections = open;
        self
    }

    /// How long a connection may be silent between requests, and how long the head of a request may
    /// take. Default 75 seconds, at most 24 hours; then it is closed. It has to be longer than the idle
    /// timeout of a load balancer in front, which is 60 seconds on AWS ([attributes]).
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_fargate_adapter::Host;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let host = Host::new(server).idle(Duration::from_secs(15));
    /// # let _ = host;
    /// ```
    ///
    /// [attributes]: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
    pub fn idle(mut self, longest: Duration) -> Self {
        self.idle = longest;
        self
    }

    /// How long requests are still taken after the process was asked to end and `/readyz` says 503, and
    /// how long calls in flight may take after that, before they are cancelled. Default 3 and 25
    /// seconds, on a loopback address 0 and 25; at most 24 hours each. Both together have to be less
    /// than the time after which the process is killed, which is `stopTimeout` on ECS.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use mcp_core::{Server, server_info};
    /// # use mcp_fargate_adapter::Host;
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let host = Host::new(server).ending(Duration::from_secs(5), Duration::from_secs(50));
    /// # let _ = host;
    /// ```
    pub fn ending(mut self, pre_drain: Duration, grace: Duration) -> Self {
        self.pre_drain = Some(pre_drain);
        self.grace = grace;
        self
    }

    /// Serves until SIGTERM or Ctrl-C, and ends in this order: `/readyz` says 503; requests are still
    /// taken for a moment; no more connections are; subscriptions get their proper end; calls in flight
    /// finish, or are cancelled at the end of their time. A second signal cancels them at once.
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
        let bind = self.bind.clone();
        let bind = bind.unwrap_or_else(|| environment::bind(&environment::read));
        // A name is only known to be an address of this machine once it is bound.
        if let Ok(address) = bind.parse::<SocketAddr>() {
            check(address, self.configured()?)?;
        }
        let listener = TcpListener::bind(&bind).await.map_err(|error| {
            HostError::refused(
                Refusal::CannotListen,
                format!(
                    "cannot listen on `{bind}`: {error}; set `{BIND}` to another address, such as \
                     `127.0.0.1:8001`"
                ),
            )
        })?;
        self.serve_on(listener).await
    }

    /// The ingress that the code or the environment names.
    fn configured(&self) -> Result<Option<Ingress>, HostError> {
        if let Some(ingress) = &self.ingress {
            return Ok(Some(ingress.clone()));
        }
        let said = environment::ingress(&environment::read)?;
        Ok(said.or_else(|| self.known_url().as_deref().and_then(ingress_of)))
    }

    fn known_url(&self) -> Option<String> {
        self.public_url
            .clone()
            .or_else(|| environment::public_url(&environment::read))
    }

    /// The same, on a listener that is already open. Example: [the function](serve_on).
    ///
    /// # Errors
    ///
    /// When its address is no loopback address and no ingress is configured for it; when the server
    /// could never identify a caller who comes from a network; when the listener fails.
    pub async fn serve_on(self, listener: TcpListener) -> Result<(), HostError> {
        let address = listener.local_addr()?;
        let is_loopback = address.ip().is_loopback();
        mcp_core::log::ensure();
        let ingress = check(address, self.configured()?)?;
        let public_url = self.known_url();
        let pre_drain = if is_loopback {
            Duration::ZERO
        } else {
            PRE_DRAIN
        };
        let ending = Ending {
            pre_drain: self.pre_drain.unwrap_or(pre_drain),
            grace: self.grace,
        };
        let limits = ConnectionLimits {
            open: self.connections,
            idle: self.idle,
            write_stall: self.server.limits().write_stall,
        };
        check_limits(limits, ending)?;
        if self.single_process || is_loopback {
            self.server.single_process();
        }
        let server = self.server;
        let ready = Arc::new(AtomicBool::new(true));
        let mut endpoint = Endpoint::new(server.clone(), ingress)?;
        if let Some(url) = public_url {
            endpoint = endpoint.public_url(&url)?;
        }
        let router = router_of(endpoint)
            .merge(health(Arc::clone(&ready)))
            .fallback(|| async { nothing_here() });
        let signals = Signals::catch()?;
        let connections = Connections::new(router, limits);
        tracing::info!(%address, path = %"/mcp", "listening");
        shutdown::serve_until_asked(listener, connections, &ready, &server, ending, signals)
            .await?;
        Ok(())
    }
}

/// Refuses what would serve nobody or never end.
fn check_limits(limits: ConnectionLimits, ending: Ending) -> Result<(), HostError> {
    let wrong = |text: &str| Err(HostError::refused(Refusal::LimitOutOfRange, text));
    if limits.open == 0 || limits.open > Semaphore::MAX_PERMITS {
        return wrong("`Host::connections` has to be at least 1, and a possible number");
    }
    if limits.idle.is_zero() {
        return wrong("`Host::idle` of zero closes every connection; make it longer");
    }
    if [limits.idle, ending.pre_drain, ending.grace]
        .iter()
        .any(|time| *time > LONGEST)
    {
        return wrong("the times of `Host::idle` and `Host::ending` are at most 24 hours");
    }
    Ok(())
}

/// The ingress for those who reach the server at this URL. One on this machine says nothing about a
/// network.
fn ingress_of(url: &str) -> Option<Ingress> {
    let uri: Uri = url.parse().ok()?;
    if uri.scheme_str() != Some("https") {
        return None;
    }
    let host = uri.authority()?.as_str();
    Some(Ingress::Public {
        hosts: vec![host.to_owned()],
        origins: Vec::new(),
    })
}

/// The ingress of an address: loopback for a loopback address, a configured one for any other.
fn check(address: SocketAddr, configured: Option<Ingress>) -> Result<Ingress, HostError> {
    let text = match configured {
        None | Some(Ingress::Loopback) if address.ip().is_loopback() => {
            return Ok(Ingress::Loopback);
        }
        Some(Ingress::Loopback) => format!(
            "`Ingress::Loopback` is for loopback addresses, and `{address}` can be reached from \
             other machines; say with `Ingress::Public` who may call, or listen on `{LOOPBACK}`"
        ),
        Some(ingress) => return Ok(ingress),
        None => format!(
            "`{address}` can be reached from other machines, and nothing says from which; \
             set `MCP_PUBLIC_URL` to the URL that clients use, or `MCP_HOSTS` to the names under which \
             they reach the server, configure `Host::ingress`, or listen on a loopback address (`{BIND}={LOOPBACK}`)"
        ),
    };
    Err(HostError::refused(Refusal::NoIngress, text))
}

/// The answer at any other path. Its body is what the refusals of the endpoint have.
fn nothing_here() -> impl IntoResponse {
    let refusal = Refusal::WrongPath;
    let text = "nothing is served here; the endpoint is at `/mcp`";
    let error = format!(r#"{{"code":-32600,"message":"{text}","data":{{"reason":"{refusal}"}}}}"#);
    let body = format!(r#"{{"jsonrpc":"2.0","error":{error}}}"#);
    let json = [(CONTENT_TYPE, "application/json")];
    (StatusCode::NOT_FOUND, json, body)
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
    fn limits_that_would_serve_nobody_are_refused() {
        let limits = ConnectionLimits {
            open: 1,
            idle: IDLE,
            write_stall: IDLE,
        };
        let ending = Ending {
            pre_drain: Duration::ZERO,
            grace: Duration::ZERO,
        };
        assert!(check_limits(limits, ending).is_ok());
        for (open, idle, grace) in [
            (0, IDLE, GRACE),
            (usize::MAX, IDLE, GRACE),
            (1, Duration::ZERO, GRACE),
            (1, LONGEST + Duration::from_secs(1), GRACE),
            (1, IDLE, LONGEST + Duration::from_secs(1)),
        ] {
            let limits = ConnectionLimits {
                open,
                idle,
                ..limits
            };
            assert!(check_limits(limits, Ending { grace, ..ending }).is_err());
        }
    }

    #[test]
    fn the_public_url_says_who_may_call_where_nothing_else_does() {
        let hosts = vec!["mcp.example.com:8443".to_owned()];
        let expected = Ingress::Public {
            hosts,
            origins: Vec::new(),
        };
        assert_eq!(
            ingress_of("https://mcp.example.com:8443/mcp"),
            Some(expected)
        );
        for url in ["http://127.0.0.1:8000/mcp", "mcp.example.com", "/mcp", ""] {
            assert_eq!(ingress_of(url), None, "{url}");
        }
    }

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
