//! What an endpoint refuses by the head of a request, its body, and what the protocol wants of a message.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use http::request::Parts;
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;
use mcp_core::http::{CallerSource, Deadline, Endpoint, Ingress, Unidentified};
use mcp_core::{Caller, Limits, Server, ServerBuilder, server_info, tool, tools};
use mcp_tests::endpoint_client::{self, Client, local, request};
use mcp_tests::message::{self, Message, call, modern};
use mcp_tests::rounds::keys;
use mcp_tests::tokens::Tokens;
use serde_json::{Value, json};
use tower_service::Service as _;

use crate::Seen;

/// Does nothing.
#[tool]
fn nothing() {}

/// For few, who are asked to sign in for it.
#[tool(scopes("vault:open"), step_up)]
fn open_vault() {}

pub(crate) fn builder() -> ServerBuilder<()> {
    Server::new(server_info!(), ())
        .tools(tools![nothing, open_vault])
        .seal_with(keys())
}

fn endpoint() -> Endpoint {
    local(&builder().build().unwrap())
}

fn ping() -> Message {
    message::legacy("2025-11-25", "ping", json!({}))
}

/// Sends a message and gives what is refused.
pub(crate) async fn refused(endpoint: &Endpoint, message: Message, change: &'static str) -> Seen {
    with_method(endpoint, "POST", message, change).await
}

async fn with_method(
    endpoint: &Endpoint,
    method: &str,
    message: Message,
    change: &'static str,
) -> Seen {
    let reply = endpoint_client::send(endpoint, method, &message).await;
    of_reply(reply, change).await
}

pub(crate) async fn of_reply(mut reply: endpoint_client::Reply, change: &'static str) -> Seen {
    Seen::in_reply(reply.status, &reply.json().await, change)
}

/// Sends any request.
async fn send<B>(endpoint: &Endpoint, request: Request<B>, change: &'static str) -> Seen
where
    B: Body<Data = Bytes> + Send + 'static,
{
    let response = endpoint.clone().call(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    Seen::in_reply(status, &serde_json::from_slice(&body).unwrap(), change)
}

fn post<B>(body: B) -> Request<B> {
    let request = Request::post("/mcp").header("host", "localhost");
    let request = request.header("content-type", "application/json");
    request.body(body).unwrap()
}

pub(crate) async fn refusals() -> Vec<Seen> {
    let mut seen = at_the_door().await;
    seen.extend(bodies().await);
    seen.extend(messages().await);
    seen.extend(sessions().await);
    seen
}

/// A source that cannot tell, or fails.
struct Away {
    panics: bool,
}

impl CallerSource for Away {
    fn identify<'r>(
        &'r self,
        _: &'r Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>> {
        assert!(!self.panics, "as asked");
        Box::pin(std::future::ready(Err(Unidentified::Unknown)))
    }
}

async fn at_the_door() -> Vec<Seen> {
    let open = endpoint();
    let public = Ingress::Public {
        hosts: vec!["mcp.example.com".to_owned()],
        origins: Vec::new(),
    };
    let server = || builder().anonymous().build().unwrap();
    let public = Endpoint::new(server(), public).unwrap();
    let named = local(&builder().caller_source(Tokens).build().unwrap());
    let away = |panics| local(&builder().caller_source(Away { panics }).build().unwrap());
    let known = ping().header("host", "mcp.example.com");
    let foreign = |message: Message| message.header("origin", "https://evil.example");
    let metadata = Request::get("/.well-known/oauth-protected-resource/mcp");
    let metadata = metadata.header("host", "localhost");
    let metadata = metadata.body(String::new()).unwrap();
    let limited = call("open_vault", json!({})).from_caller("ann");
    vec![
        refused(
            &open,
            ping().header("host", "a.example"),
            "`Ingress::Public` that lists the host",
        )
        .await,
        refused(&public, ping(), "add it to `hosts`").await,
        refused(
            &open,
            foreign(ping()),
            "`Ingress::Public` that lists the origin",
        )
        .await,
        refused(&public, foreign(known), "add it to `origins`").await,
        refused(&named, ping(), "sign in").await,
        refused(
            &named,
            ping().header("authorization", "Basic x"),
            "sign in again",
        )
        .await,
        refused(&named, limited, "sign in for it").await,
        refused(&away(false), ping(), "try again").await,
        refused(&away(true), ping(), "its log says why").await,
        send(&open, metadata, "set `MCP_PUBLIC_URL`").await,
        with_method(&open, "PUT", ping(), "this endpoint takes POST").await,
        with_method(&open.clone().stateless(), "GET", ping(), "takes POST only").await,
        refused(
            &open,
            ping().header("content-type", "text/plain"),
            "`Content-Type: application/json`",
        )
        .await,
    ]
}

/// A body that never comes.
struct Silent;

impl Body for Silent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

/// A body that breaks off.
struct Broken;

impl Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }
}

async fn bodies() -> Vec<Seen> {
    let mut limits = Limits::default();
    limits.body_bytes = 10;
    limits.body_time = Duration::from_millis(1);
    let small = local(&builder().limits(limits).build().unwrap());
    vec![
        send(&small, post(ping().line()), "`Limits::body_bytes`").await,
        send(&small, post(Silent), "`Limits::body_time`").await,
        send(&small, post(Broken), "send it again").await,
        send(&small, post("{".to_owned()), "is not valid JSON").await,
    ]
}

async fn messages() -> Vec<Seen> {
    let endpoint = endpoint();
    let in_1999 = |message: Message| message.header("mcp-protocol-version", "1999-01-01");
    let batch = message::json(json!([request(1, "ping", json!({}))]));
    let batch = batch.header("mcp-protocol-version", "2025-06-18");
    let answer = message::json(json!({"jsonrpc": "2.0", "id": 1, "result": {}}));
    let mut late = post(call("nothing", json!({})).line());
    for (name, value) in call("nothing", json!({})).headers() {
        let name: http::HeaderName = name.parse().unwrap();
        late.headers_mut()
            .insert(name, http::HeaderValue::from_bytes(value).unwrap());
    }
    late.extensions_mut().insert(Deadline(Instant::now()));
    vec![
        refused(&endpoint, batch, "send one message at a time").await,
        refused(
            &endpoint,
            in_1999(ping()),
            "carries `io.modelcontextprotocol/protocolVersion`",
        )
        .await,
        refused(
            &endpoint,
            call("nothing", json!({})).header("mcp-name", "Nothing"),
            "repeat what the body says",
        )
        .await,
        refused(
            &endpoint,
            modern("no/such", json!({})),
            "has no method `no/such`",
        )
        .await,
        refused(
            &endpoint,
            ping().header("mcp-session-id", "x"),
            "send `initialize` again",
        )
        .await,
        refused(&endpoint, answer, "`Mcp-Session-Id`").await,
        send(&endpoint, late, "the deadline of the host").await,
    ]
}

async fn sessions() -> Vec<Seen> {
    let mut limits = Limits::default();
    limits.ended_sessions = 0;
    let endpoint = local(&builder().limits(limits).build().unwrap());
    let client = Client::connect(&endpoint, "2025-11-25", json!({})).await;
    let stream = client.message(Value::Null).without("accept");
    vec![
        of_reply(
            client.send("GET", &stream).await,
            "`Accept: text/event-stream`",
        )
        .await,
        of_reply(client.resume("1-1").await, "send the request again").await,
        of_reply(
            client.without_body("DELETE").await,
            "`Limits::ended_sessions`",
        )
        .await,
    ]
}
