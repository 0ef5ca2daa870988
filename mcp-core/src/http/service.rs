//! One HTTP request, in at the door and out again.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Buf;
use http::header::{ALLOW, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use super::body::ReplyBody;
use super::exchange::Exchange;
use super::headers;
use super::identity::{NoCaller, identify};
use super::ingress::Ingress;
use super::outbox::Outbox;
use super::read::{Unread, read};
use super::response::{document, internal_error, refuse};
use super::sign_in::{self, Guide};
#[cfg(feature = "seal")]
use super::standing;
use crate::caller::Caller;
use crate::observe;
use crate::refusal::{Refusal, Refused};
use crate::server::Server;

/// The endpoint of a server: a `tower::Service` from `http::Request` to `http::Response`.
///
/// Cheap to clone. Its reply bodies need a tokio runtime with timers.
///
/// ```
/// use mcp_core::http::{Endpoint, Ingress};
/// use mcp_core::{Server, server_info};
///
/// # use tower_service::Service;
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = Server::new(server_info!(), ()).build().unwrap();
/// let mut endpoint = Endpoint::new(server, Ingress::Loopback).unwrap();
///
/// let request = http::Request::post("/mcp")
///     .header("host", "localhost:8000")
///     .header("content-type", "application/json")
///     .body(r#"{"jsonrpc": "2.0", "id": 1, "method": "ping"}"#.to_owned());
/// let reply = endpoint.call(request.unwrap()).await.unwrap();
/// assert_eq!(reply.status(), 200);
/// # });
/// ```
#[derive(Clone)]
pub struct Endpoint(Arc<Shared>);

pub(super) struct Shared {
    pub(super) server: Server,
    pub(super) ingress: Ingress,
    pub(super) abilities: Abilities,
    pub(super) guide: Arc<Guide>,
}

/// What the host can do besides answering.
#[derive(Clone, Copy)]
pub(super) struct Abilities {
    /// It sends a reply in parts.
    pub(super) streams: bool,
    /// It keeps what belongs to a session of an older revision: its stream of changes, and the calls
    /// that wait for answers.
    pub(super) sessions: bool,
    /// The longest time that it tells a client of changes; `None` for not at all.
    pub(super) subscriptions: Option<Duration>,
}

impl Shared {
    /// Whether GET and DELETE mean something.
    pub(super) fn has_sessions(&self) -> bool {
        self.abilities.sessions && self.server.has_sessions()
    }
}

/// Why an endpoint cannot be opened, and what would change that.
///
/// ```
/// # use mcp_core::http::{Endpoint, Ingress};
/// # use mcp_core::{Server, server_info};
/// let server = Server::new(server_info!(), ()).anonymous().build().unwrap();
/// let nobody = Ingress::Public { hosts: Vec::new(), origins: Vec::new() };
/// let error = Endpoint::new(server, nobody).unwrap_err();
/// assert!(error.to_string().contains("list the server's names"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError(Refused);

impl EndpointError {
    fn new(refusal: Refusal, text: &'static str) -> Self {
        Self(Refused::new(refusal, text))
    }

    /// Why, as a code that the text ends with. Example: [`Refusal`].
    pub fn refusal(&self) -> Refusal {
        self.0.refusal
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for EndpointError {}

impl Endpoint {
    /// Opens the server for requests that `ingress` lets in.
    ///
    /// ```
    /// use mcp_core::http::{Endpoint, Ingress};
    /// use mcp_core::{Server, server_info};
    ///
    /// let server = Server::new(server_info!(), ()).build().unwrap();
    /// let hosts = vec!["mcp.example.com".to_owned()];
    /// let ingress = Ingress::Public { hosts, origins: Vec::new() };
    /// let refused = Endpoint::new(server, ingress).unwrap_err();
    /// assert!(refused.to_string().contains("`caller_source`")); // how it could tell who calls
    /// ```
    ///
    /// # Errors
    ///
    /// When requests come from a network and the server could never identify a caller: it has no
    /// caller source and does not admit anonymous ones. When the ingress is public and names no host,
    /// or an origin that no browser sends.
    pub fn new(server: Server, ingress: Ingress) -> Result<Self, EndpointError> {
        let access = &server.0.access;
        if ingress != Ingress::Loopback && !access.anonymous && access.source.is_none() {
            return Err(EndpointError::new(
                Refusal::NoCallerSource,
                "this server would serve a network and could never tell who calls; give it a \
                 `caller_source`, or admit everybody with `anonymous()`",
            ));
        }
        if let Some(mistake) = ingress.mistake() {
            return Err(EndpointError::new(Refusal::IngressSetting, mistake));
        }
        Ok(Self::open(server, ingress))
    }

    /// Opens the server for a host that puts a [`PlatformCaller`](super::PlatformCaller) into every
    /// request whose caller its platform verified. Example: [`PlatformCaller`](super::PlatformCaller).
    pub fn behind_platform(server: Server) -> Self {
        Self::open(server, Ingress::Platform)
    }

    fn open(server: Server, ingress: Ingress) -> Self {
        // Cannot fail without a URL.
        let guide = Guide::new(&server, None).unwrap_or_default();
        Self(Arc::new(Shared {
            server,
            ingress,
            abilities: Abilities {
                streams: true,
                sessions: true,
                subscriptions: Some(Duration::MAX),
            },
            guide: Arc::new(guide),
        }))
    }

    /// The same endpoint, which tells clients where they sign in: at the authorization servers of its
    /// caller source, for the resource at this URL, which is the one that clients know. Its path need
    /// not be the one that arrives here, as behind a gateway that adds a stage.
    ///
    /// Requests without a valid token are then answered with the address of a document that says so
    /// ([RFC 9728]), and the document is served, to anybody, for GET on every path with
    /// `/.well-known/oauth-protected-resource` in it: pass such requests to the endpoint.
    ///
    /// ```
    /// # use mcp_core::{Server, http::Endpoint, server_info};
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let endpoint = Endpoint::behind_platform(server);
    /// assert!(endpoint.clone().public_url("https://mcp.example.com/mcp").is_ok());
    /// assert!(endpoint.public_url("mcp.example.com").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// When it is no `https:` URL, or `http:` on a loopback address; when it has a query.
    ///
    /// [RFC 9728]: https://www.rfc-editor.org/rfc/rfc9728
    pub fn public_url(self, url: &str) -> Result<Self, EndpointError> {
        let guide = Guide::new(&self.0.server, Some(url))
            .map_err(|text| EndpointError::new(Refusal::PublicUrl, text))?;
        Ok(self.with(self.0.abilities, Arc::new(guide)))
    }

    /// The same endpoint for a host that sends each reply in one piece: without sessions, without
    /// subscriptions.
    ///
    /// What a function says before it finishes is kept for the end, up to
    /// [`Limits::queued_notifications`](crate::Limits::queued_notifications), and the reply is one
    /// finished stream of events. It is dropped, and the reply is plain JSON, when the client does
    /// not accept `text/event-stream`, or when both together are larger than a [`ReplyLimit`].
    ///
    /// ```
    /// # use mcp_core::{Server, http::Endpoint, server_info};
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let endpoint = Endpoint::behind_platform(server).buffered();
    /// # let _ = endpoint;
    /// ```
    ///
    /// [`ReplyLimit`]: crate::ReplyLimit
    pub fn buffered(self) -> Self {
        let abilities = Abilities {
            streams: false,
            sessions: false,
            subscriptions: None,
        };
        self.with(abilities, Arc::clone(&self.0.guide))
    }

    /// The same endpoint for a host of which each instance answers what comes and keeps nothing in
    /// between: without sessions of older revisions, so GET and DELETE are answered 405.
    ///
    /// ```
    /// # use mcp_core::{Server, http::Endpoint, server_info};
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let endpoint = Endpoint::behind_platform(server).stateless();
    /// # let _ = endpoint;
    /// ```
    pub fn stateless(self) -> Self {
        let abilities = Abilities {
            sessions: false,
            ..self.0.abilities
        };
        self.with(abilities, Arc::clone(&self.0.guide))
    }

    /// The same endpoint, where a subscription of 2026-07-28 is ended in order after this time; the
    /// client may ask again. `None` for no subscriptions, which are then not offered either.
    ///
    /// A host that streams has them without this limit. One that is [`buffered`](Self::buffered)
    /// cannot have any.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use mcp_core::{Server, http::Endpoint, server_info};
    /// # let server = Server::new(server_info!(), ()).build().unwrap();
    /// let hour = Duration::from_secs(3600);
    /// let endpoint = Endpoint::behind_platform(server).subscriptions(Some(hour));
    /// # let _ = endpoint;
    /// ```
    pub fn subscriptions(self, longest: Option<Duration>) -> Self {
        let abilities = Abilities {
            subscriptions: longest.filter(|_| self.0.abilities.streams),
            ..self.0.abilities
        };
        self.with(abilities, Arc::clone(&self.0.guide))
    }

    /// Whether a path is one of those where an endpoint says where to sign in, if its
    /// [public URL](Self::public_url) is known.
    ///
    /// ```
    /// # use mcp_core::http::Endpoint;
    /// assert!(Endpoint::is_metadata("/.well-known/oauth-protected-resource/mcp"));
    /// assert!(Endpoint::is_metadata("/prod/.well-known/oauth-protected-resource"));
    /// assert!(!Endpoint::is_metadata("/mcp"));
    /// ```
    pub fn is_metadata(path: &str) -> bool {
        sign_in::is_metadata(path)
    }

    fn with(&self, abilities: Abilities, guide: Arc<Guide>) -> Self {
        let Shared {
            server, ingress, ..
        } = &*self.0;
        Self(Arc::new(Shared {
            server: server.clone(),
            ingress: ingress.clone(),
            abilities,
            guide,
        }))
    }

    async fn respond<B>(self, request: Request<B>) -> Response<ReplyBody>
    where
        B: Body<Data: Buf>,
    {
        let shared = &*self.0;
        let (parts, body) = request.into_parts();
        if let Err(rejected) = shared.ingress.check(&parts) {
            return refuse(StatusCode::FORBIDDEN, rejected.refusal, &rejected.text);
        }
        if let Some(response) = shared.guide.answer(&parts) {
            return response;
        }
        if parts.method != Method::POST {
            #[cfg(feature = "seal")]
            if let Some(response) = standing::respond(&self.0, &parts).await {
                return response;
            }
            return not_allowed(shared);
        }
        if !headers::is_json(&parts.headers) {
            let text = "send the message with `Content-Type: application/json`";
            return refuse(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Refusal::ContentType,
                text,
            );
        }
        let limits = shared.server.limits();
        if body.size_hint().lower() > u64::from(limits.body_bytes) {
            return Unread::TooLarge(limits.body_bytes).into_response();
        }
        // Before the body is read: somebody who may not call must not cost memory.
        let caller = match identified(&self.0, &parts).await {
            Ok(caller) => caller,
            Err(refused) => return refused,
        };
        let reading = read(body, limits.body_bytes);
        let text = match tokio::time::timeout(limits.body_time, reading).await {
            Ok(Ok(text)) => text,
            Ok(Err(unread)) => return unread.into_response(),
            Err(_) => return Unread::TooSlow.into_response(),
        };
        let outbox = headers::accepts_events(&parts.headers)
            .then(|| Arc::new(Outbox::new(limits.queued_notifications)));
        let exchange = Exchange {
            server: shared.server.clone(),
            parts,
            text,
            caller,
            outbox,
            foreign_sessions: shared.ingress == Ingress::Platform,
            abilities: shared.abilities,
            guide: Arc::clone(&shared.guide),
            found: Arc::default(),
        };
        exchange.respond().await
    }
}

/// Who asks, or the refusal of somebody who is not let in.
pub(super) async fn identified(
    shared: &Shared,
    parts: &Parts,
) -> Result<Option<Caller>, Response<ReplyBody>> {
    match identify(&shared.server, &shared.ingress, parts).await {
        Ok(caller) => Ok(caller),
        Err(NoCaller::Unidentified(token)) => {
            let platform = parts.extensions.get();
            observe::turned_away(&shared.server, "http", platform, "unidentified").await;
            Err(shared.guide.unauthorized(token))
        }
        Err(NoCaller::Unknown) => {
            let platform = parts.extensions.get();
            observe::turned_away(&shared.server, "http", platform, "unverifiable").await;
            let text = "who calls cannot be checked at the moment; try again";
            Err(refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                Refusal::CallerUnverifiable,
                text,
            ))
        }
        Err(NoCaller::Failed) => Err(document(internal_error())),
    }
}

/// The answer to a method other than POST that has no meaning here.
fn not_allowed(shared: &Shared) -> Response<ReplyBody> {
    let (text, allowed) = if shared.has_sessions() {
        (
            "this endpoint takes POST; GET and DELETE are for sessions of older revisions, and name \
             one with `Mcp-Session-Id`",
            "GET, POST, DELETE",
        )
    } else {
        ("this endpoint takes POST only", "POST")
    };
    let mut response = refuse(
        StatusCode::METHOD_NOT_ALLOWED,
        Refusal::MethodNotAllowed,
        text,
    );
    let allowed = HeaderValue::from_static(allowed);
    response.headers_mut().insert(ALLOW, allowed);
    response
}

impl<B> Service<Request<B>> for Endpoint
where
    B: Body<Data: Buf> + Send + 'static,
{
    type Response = Response<ReplyBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let endpoint = self.clone();
        Box::pin(async move { Ok(endpoint.respond(request).await) })
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("ingress", &self.0.ingress)
            .finish_non_exhaustive()
    }
}
