//! One HTTP request, in at the door and out again.

use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use super::body::{BoxedAnswer, ReplyBody};
use super::headers;
use super::identity::{NoCaller, identify};
use super::ingress::Ingress;
use super::queue::{Queue, push_event};
use crate::caller::Caller;
use crate::context::Notifications;
use crate::dispatch::{self, Outlet, Transport};
use crate::encode::{self, Answer};
use crate::protocol::code;
use crate::server::Server;

/// The endpoint of a server: a `tower::Service` from `http::Request` to `http::Response`.
///
/// Cheap to clone. Its reply bodies need a tokio runtime with timers.
///
/// ```
/// use mcp_core::http::{Endpoint, Ingress};
/// use mcp_core::{Server, server_info};
///
/// let server = Server::new(server_info!(), ()).build().unwrap();
/// let endpoint = Endpoint::new(server, Ingress::Loopback).unwrap();
/// # let _ = endpoint;
/// ```
#[derive(Clone)]
pub struct Endpoint(Arc<Shared>);

struct Shared {
    server: Server,
    ingress: Ingress,
    /// Whether the host can send a reply in parts.
    streams: bool,
}

/// Why an endpoint cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndpointError;

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "this server would serve a network and could never tell who calls; give it a \
             `caller_source`, or admit everybody with `anonymous()`",
        )
    }
}

impl std::error::Error for EndpointError {}

impl Endpoint {
    /// Opens the server for requests that `ingress` lets in.
    ///
    /// # Errors
    ///
    /// When requests come from a network and the server could never identify a caller: it has no
    /// caller source and does not admit anonymous ones.
    pub fn new(server: Server, ingress: Ingress) -> Result<Self, EndpointError> {
        let access = &server.0.access;
        if ingress != Ingress::Loopback && !access.anonymous && access.source.is_none() {
            return Err(EndpointError);
        }
        Ok(Self::open(server, ingress))
    }

    /// Opens the server for a host that puts a [`PlatformCaller`](super::PlatformCaller) into every
    /// request whose caller its platform verified.
    pub fn behind_platform(server: Server) -> Self {
        Self::open(server, Ingress::Platform)
    }

    fn open(server: Server, ingress: Ingress) -> Self {
        Self(Arc::new(Shared {
            server,
            ingress,
            streams: true,
        }))
    }

    /// The same endpoint for a host that sends each reply in one piece. What tools say before they
    /// finish is dropped; the result comes as JSON.
    pub fn buffered(self) -> Self {
        let Shared {
            server, ingress, ..
        } = &*self.0;
        Self(Arc::new(Shared {
            server: server.clone(),
            ingress: ingress.clone(),
            streams: false,
        }))
    }

    async fn respond<B>(self, request: Request<B>) -> Response<ReplyBody>
    where
        B: Body<Data: Buf>,
    {
        let shared = &*self.0;
        let (parts, body) = request.into_parts();
        if let Err(rejected) = shared.ingress.check(&parts) {
            return refuse(StatusCode::FORBIDDEN, &rejected.0);
        }
        if parts.method != Method::POST {
            let text = "this endpoint takes POST only";
            let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, text);
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("POST"));
            return response;
        }
        if !headers::is_json(&parts.headers) {
            let text = "send the message with `Content-Type: application/json`";
            return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, text);
        }
        let limits = shared.server.limits();
        if body.size_hint().lower() > u64::from(limits.body_bytes) {
            return Unread::TooLarge(limits.body_bytes).into_response();
        }
        // Before the body is read: somebody who may not call must not cost memory.
        let caller = match identify(&shared.server, &shared.ingress, &parts).await {
            Ok(caller) => caller,
            Err(NoCaller::Unidentified) => {
                let text = "sign in: this server needs to know who calls";
                let mut response = refuse(StatusCode::UNAUTHORIZED, text);
                let challenge = HeaderValue::from_static("Bearer");
                response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
                return response;
            }
            Err(NoCaller::Failed) => return document(internal_error()),
        };
        let reading = read(body, limits.body_bytes);
        let text = match tokio::time::timeout(limits.body_time, reading).await {
            Ok(Ok(text)) => text,
            Ok(Err(unread)) => return unread.into_response(),
            Err(_) => return Unread::TooSlow.into_response(),
        };
        let streams = shared.streams && headers::accepts_events(&parts.headers);
        let queue = streams.then(|| Arc::new(Queue::new(limits.queued_notifications)));
        let stall = limits.write_stall;
        let exchange = Exchange {
            server: shared.server.clone(),
            parts,
            text,
            caller,
            queue: queue.clone(),
            outlives_connection: Arc::default(),
        };
        exchange.respond(queue, stall).await
    }
}

/// A request that was let in, with all that is needed to answer it.
struct Exchange {
    server: Server,
    parts: Parts,
    text: String,
    caller: Option<Caller>,
    queue: Option<Arc<Queue>>,
    /// Whether a disconnect leaves the call running: before 2026-07-28 it is no cancellation.
    outlives_connection: Arc<AtomicBool>,
}

impl Exchange {
    /// Waits until the call has finished or says something, whichever comes first.
    async fn respond(
        self,
        queue: Option<Arc<Queue>>,
        stall: std::time::Duration,
    ) -> Response<ReplyBody> {
        let outlives_connection = Arc::clone(&self.outlives_connection);
        let mut call: BoxedAnswer = Box::pin(self.answer());
        let first = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await;
        let finished = match first {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => {
                if outlives_connection.load(Ordering::Relaxed) {
                    call = detached(call);
                }
                poll_fn(|cx| {
                    if let Some(queue) = &queue {
                        queue.wake_on_message(cx.waker());
                        if !queue.is_empty() {
                            return Poll::Ready(None);
                        }
                    }
                    let polled = call.as_mut().poll(cx).map(Some);
                    match &queue {
                        Some(queue) if polled.is_pending() && !queue.is_empty() => {
                            Poll::Ready(None)
                        }
                        _ => polled,
                    }
                })
                .await
            }
        };
        match (finished, queue) {
            (Some(answer), None) => document(answer),
            (Some(answer), Some(queue)) if queue.is_empty() => document(answer),
            (Some(answer), Some(queue)) => {
                let mut text = Vec::new();
                queue.drain_events(&mut text);
                if let Some(body) = answer.body {
                    push_event(&mut text, &body);
                }
                events(ReplyBody::whole(text))
            }
            (None, Some(queue)) => events(ReplyBody::stream(call, queue, stall)),
            // Without a queue nothing ends the wait but the call.
            (None, None) => document(internal_error()),
        }
    }

    /// The answer; everything it borrows lives in the future itself.
    async fn answer(self) -> Answer {
        let headers = headers::mirrors(&self.parts.headers);
        let notifications = self.queue.map(|queue| queue as Arc<dyn Notifications>);
        let outlives_connection = &self.outlives_connection;
        let settled = move |revision: crate::protocol::Revision| {
            outlives_connection.store(!revision.is_modern(), Ordering::Relaxed);
        };
        let outlet = Outlet {
            notifications: notifications.as_ref(),
            settled: &settled,
        };
        let transport = Transport::Http(&headers);
        dispatch::answer(
            &self.server,
            &self.text,
            transport,
            self.caller.as_ref(),
            outlet,
        )
        .await
    }
}

/// Lets a call go on when its connection is gone. The number of such calls is bounded by
/// `Limits::in_flight`, their time by the call's time limit.
fn detached(call: BoxedAnswer) -> BoxedAnswer {
    let task = tokio::spawn(call);
    Box::pin(async move { task.await.unwrap_or_else(|_| internal_error()) })
}

fn internal_error() -> Answer {
    encode::error(None, code::INTERNAL, "the server could not answer").status(500)
}

fn document(answer: Answer) -> Response<ReplyBody> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let Some(body) = answer.body else {
        let mut response = Response::new(ReplyBody::empty());
        *response.status_mut() = status;
        return response;
    };
    json(status, body)
}

fn json(status: StatusCode, body: Vec<u8>) -> Response<ReplyBody> {
    let mut response = Response::new(ReplyBody::whole(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn events(body: ReplyBody) -> Response<ReplyBody> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // Reverse proxies of the nginx family would hold events back otherwise.
    let buffering = HeaderName::from_static("x-accel-buffering");
    headers.insert(buffering, HeaderValue::from_static("no"));
    response
}

/// A refusal before the message was read. Its body is a JSON-RPC error all the same: clients take
/// any other body for a server of the older era.
fn refuse(status: StatusCode, text: &str) -> Response<ReplyBody> {
    let answer = encode::error(None, code::INVALID_REQUEST, text);
    json(status, answer.body.unwrap_or_default())
}

/// Why there is no message.
enum Unread {
    TooLarge(u32),
    NotText,
    Broken,
    TooSlow,
}

impl Unread {
    fn into_response(self) -> Response<ReplyBody> {
        match self {
            Self::TooLarge(limit) => refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                &format!("the message is larger than {limit} bytes (`Limits::body_bytes`)"),
            ),
            Self::NotText => {
                let answer =
                    encode::error(None, code::PARSE, "the message is not valid UTF-8").status(400);
                document(answer)
            }
            Self::TooSlow => refuse(
                StatusCode::REQUEST_TIMEOUT,
                "the message did not arrive in time (`Limits::body_time`)",
            ),
            Self::Broken => refuse(StatusCode::BAD_REQUEST, "the message did not arrive whole"),
        }
    }
}

/// Collects the body, up to the limit.
async fn read<B: Body<Data: Buf>>(body: B, limit: u32) -> Result<String, Unread> {
    let max = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut body = pin!(body);
    let mut first: Option<Bytes> = None;
    let mut text: Vec<u8> = Vec::new();
    while let Some(frame) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        let frame = frame.map_err(|_| Unread::Broken)?;
        let Ok(mut data) = frame.into_data() else {
            continue;
        };
        let so_far = first.as_ref().map_or(text.len(), Bytes::len);
        if so_far + data.remaining() > max {
            return Err(Unread::TooLarge(limit));
        }
        // Most messages come in one frame, which needs no copy if the buffer is ours alone.
        if first.is_none() && text.is_empty() {
            first = Some(data.copy_to_bytes(data.remaining()));
            continue;
        }
        if let Some(first) = first.take() {
            text = first.into();
        }
        while data.has_remaining() {
            let chunk = data.chunk();
            let length = chunk.len();
            text.extend_from_slice(chunk);
            data.advance(length);
        }
    }
    if let Some(first) = first {
        text = first.into();
    }
    String::from_utf8(text).map_err(|_| Unread::NotText)
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
