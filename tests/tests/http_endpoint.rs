//! The HTTP endpoint: who may come in, in which order it is checked, which status says what, and
//! when a reply becomes a stream.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Full};
use mcp_core::http::{Endpoint, Ingress, PlatformCaller, ReplyBody};
use mcp_core::{
    Caller, Context, Limits, Progress, Provenance, Server, State, server_info, tool, tools,
};
use mcp_tests::log;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tower_service::Service;

/// Adds two numbers.
#[tool]
fn add(
    /// First summand.
    a: i64,
    /// Second summand.
    b: i64,
) -> i64 {
    a + b
}

/// Tells who asks.
#[tool]
fn whoami(who: &Caller) -> String {
    who.subject().to_owned()
}

/// Tells who asks, if anybody.
#[tool]
fn maybe(who: Option<&Caller>) -> String {
    who.map_or("nobody", Caller::subject).to_owned()
}

/// Only for some.
#[tool(scopes("sales:read", "sales:export"))]
fn export() -> String {
    "exported".to_owned()
}

/// Reports once and waits for the test to let it go on.
#[tool]
async fn slow(cx: &Context, gate: &Gate, ended: &Ended) -> String {
    let _guard = ended.guard();
    cx.progress(Progress::new(1).of(2).message("half"));
    drop(gate.0.acquire().await);
    "done".to_owned()
}

/// Says something and is done at once.
#[tool]
fn brief(cx: &Context) -> String {
    cx.progress(Progress::new(1));
    "done".to_owned()
}

/// Talks without end.
#[tool]
async fn talks(cx: &Context, ended: &Ended) -> String {
    let _guard = ended.guard();
    for count in 1.. {
        cx.progress(Progress::new(f64::from(count)));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    String::new()
}

struct Gate(Arc<Semaphore>);

/// Counts calls that ended, by return or by drop.
#[derive(Clone, Default)]
struct Ended(Arc<AtomicUsize>);

struct Guard(Ended);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Ended {
    fn guard(&self) -> Guard {
        Guard(self.clone())
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[derive(State)]
struct App {
    gate: Gate,
    ended: Ended,
}

struct Setup {
    server: Server,
    gate: Arc<Semaphore>,
    ended: Ended,
}

fn setup_with(limits: Limits, anonymous: bool) -> Setup {
    let gate = Arc::new(Semaphore::new(0));
    let ended = Ended::default();
    let app = App {
        gate: Gate(Arc::clone(&gate)),
        ended: ended.clone(),
    };
    let mut server = Server::new(server_info!(), app)
        .limits(limits)
        .tools(tools![add, whoami, maybe, export])
        .tools(tools![slow, brief, talks]);
    if anonymous {
        server = server.anonymous();
    }
    Setup {
        server: server.build().unwrap(),
        gate,
        ended,
    }
}

fn setup() -> Setup {
    setup_with(Limits::default(), false)
}

fn local() -> Endpoint {
    Endpoint::new(setup().server, Ingress::Loopback).unwrap()
}

fn modern_params(mut params: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
        "progressToken": "p",
    });
    params
}

fn message(method: &str, params: &Value) -> String {
    json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}).to_string()
}

/// A request with the headers that every case starts from.
fn post(body: impl Into<String>) -> Request<String> {
    Request::post("/mcp")
        .header("host", "localhost:8000")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .body(body.into())
        .unwrap()
}

/// A complete call of 2026-07-28.
fn call(tool: &str, arguments: &Value) -> Request<String> {
    let params = modern_params(json!({"name": tool, "arguments": arguments}));
    let mut request = post(message("tools/call", &params));
    set(&mut request, "mcp-protocol-version", "2026-07-28");
    set(&mut request, "mcp-method", "tools/call");
    set(&mut request, "mcp-name", tool);
    request
}

/// A call of an older revision.
fn legacy_call(tool: &str) -> Request<String> {
    let params = json!({"name": tool, "arguments": {}, "_meta": {"progressToken": 1}});
    let mut request = post(message("tools/call", &params));
    set(&mut request, "mcp-protocol-version", "2025-06-18");
    request
}

fn set<B>(request: &mut Request<B>, name: &'static str, value: &str) {
    request.headers_mut().insert(name, value.parse().unwrap());
}

async fn send(endpoint: &Endpoint, request: Request<String>) -> Response<ReplyBody> {
    endpoint
        .clone()
        .call(request.map(|body| Full::new(Bytes::from(body))))
        .await
        .unwrap()
}

async fn answer(endpoint: &Endpoint, request: Request<String>) -> (StatusCode, Value) {
    let response = send(endpoint, request).await;
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn error(endpoint: &Endpoint, request: Request<String>) -> (u16, i64, String) {
    let (status, body) = answer(endpoint, request).await;
    let error = &body["error"];
    let text = error["message"].as_str().unwrap_or_default().to_owned();
    (
        status.as_u16(),
        error["code"].as_i64().unwrap_or_default(),
        text,
    )
}

// [META-2] [DISC-4] [HTTP-3] [TOOL-11]
#[tokio::test]
async fn a_call_is_answered_with_one_json_document() {
    let response = send(&local(), call("add", &json!({"a": 1, "b": 2}))).await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["id"], 7);
    assert_eq!(body["result"]["resultType"], "complete");
    assert_eq!(body["result"]["structuredContent"], 3);
    assert_eq!(body["result"]["content"][0]["text"], "3");
}

// [RPC-1] [ERR-5] [ERA-3] [VER-1] [HTTP-6] [SEC-1]
#[tokio::test]
async fn each_check_has_its_status_and_comes_in_its_turn() {
    let endpoint = local();
    let good = || call("add", &json!({"a": 1, "b": 2}));

    // A request with every mistake, mended one by one in the order of the checks.
    let mut request = Request::put("/mcp")
        .header("host", "evil.example")
        .body("{")
        .unwrap();
    let send = async |request: &Request<&str>| {
        let copy = Request::builder()
            .method(request.method())
            .uri(request.uri());
        let mut copy = copy.body((*request.body()).to_owned()).unwrap();
        *copy.headers_mut() = request.headers().clone();
        error(&endpoint, copy).await
    };
    let (status, _, text) = send(&request).await;
    assert_eq!(status, 403);
    assert!(
        text.contains("evil.example") && text.contains("Ingress::Public"),
        "{text}"
    );
    set(&mut request, "host", "localhost");
    set(&mut request, "origin", "https://evil.example");
    assert_eq!(send(&request).await.0, 403);
    request.headers_mut().remove("origin");
    assert_eq!(send(&request).await.0, 405);
    *request.method_mut() = http::Method::POST;
    assert_eq!(send(&request).await.0, 415);
    set(&mut request, "content-type", "application/json");
    let (status, code, _) = send(&request).await;
    assert_eq!((status, code), (400, -32700));

    for (body, code) in [
        (r#"{"jsonrpc":"1.0","id":7,"method":"ping"}"#, -32600),
        ("[]", -32600),
        (r#"{"jsonrpc":"2.0","id":7,"result":{}}"#, -32600),
    ] {
        let (status, found, _) = error(&endpoint, post(body)).await;
        assert_eq!((status, found), (400, code), "{body}");
    }
    // Metadata before headers.
    let mut request = post(message("tools/list", &json!({})));
    set(&mut request, "mcp-protocol-version", "2026-07-28");
    let (status, code, _) = error(&endpoint, request).await;
    assert_eq!((status, code), (400, -32602));
    // The header against the body before the support of the version.
    let mut request = good();
    set(&mut request, "mcp-protocol-version", "2099-01-01");
    let (status, code, _) = error(&endpoint, request).await;
    assert_eq!((status, code), (400, -32020));
    let mut request = good();
    *request.body_mut() = request.body().replace("2026-07-28", "2099-01-01");
    set(&mut request, "mcp-protocol-version", "2099-01-01");
    let (status, body) = answer(&endpoint, request).await;
    assert_eq!(
        (status.as_u16(), body["error"]["code"].as_i64()),
        (400, Some(-32022))
    );
    assert_eq!(body["error"]["data"]["requested"], "2099-01-01");
    assert_eq!(body["error"]["data"]["supported"][0], "2026-07-28");
    // Then the other headers, then the method.
    for (header, value) in [("mcp-method", "tools/list"), ("mcp-name", "Add")] {
        let mut request = good();
        set(&mut request, header, value);
        let (status, code, _) = error(&endpoint, request).await;
        assert_eq!((status, code), (400, -32020), "{header}");
        let mut request = good();
        request.headers_mut().remove(header);
        assert_eq!(error(&endpoint, request).await.1, -32020, "{header}");
    }
    let mut request = post(message("ping", &modern_params(json!({}))));
    set(&mut request, "mcp-protocol-version", "2026-07-28");
    set(&mut request, "mcp-method", "ping");
    let (status, code, _) = error(&endpoint, request).await;
    assert_eq!((status, code), (404, -32601));
}

// [TOOL-12] [TOOL-13] [TOOL-14]
#[tokio::test]
async fn mistakes_inside_a_method_are_answered_in_band() {
    let endpoint = local();
    let (status, code, text) = error(&endpoint, call("nope", &json!({}))).await;
    assert_eq!((status, code), (200, -32602));
    assert_eq!(text, "there is no tool `nope`");
    let (status, code, _) = error(&endpoint, call("add", &json!([1]))).await;
    assert_eq!((status, code), (200, -32602));
    let (status, body) = answer(&endpoint, call("add", &json!({"a": "x", "c": 1}))).await;
    assert_eq!(
        (status.as_u16(), &body["result"]["isError"]),
        (200, &json!(true))
    );
    assert_eq!(
        body["result"]["content"][0]["text"],
        "Nothing was done: the arguments have 3 problems.\n\
         - `c` is not an argument of this tool; did you mean `a`?\n\
         - `a` has to be a whole number; got the text \"x\"\n\
         - `b` is required: a whole number"
    );
}

// [HTTP-4] [INIT-3]
#[tokio::test]
async fn notifications_are_accepted_without_a_body() {
    let note = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    let response = send(&local(), post(note)).await;
    assert_eq!(response.status(), 202);
    assert!(
        response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .is_empty()
    );
}

// [HTTP-7]
#[tokio::test]
async fn get_and_delete_are_refused_with_what_is_allowed() {
    for method in ["GET", "DELETE"] {
        let mut request = post("");
        *request.method_mut() = method.parse().unwrap();
        let response = send(&local(), request).await;
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "POST");
    }
}

#[tokio::test]
async fn a_body_of_n_bytes_is_read_and_one_of_n_plus_one_is_refused() {
    let mut limits = Limits::default();
    limits.body_bytes = 300;
    let endpoint = Endpoint::new(setup_with(limits, false).server, Ingress::Loopback).unwrap();
    let sized = |size: usize| {
        let body = r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#;
        post(format!("{body}{}", " ".repeat(size - body.len())))
    };
    assert_eq!(answer(&endpoint, sized(300)).await.0, 200);
    let (status, _, text) = error(&endpoint, sized(301)).await;
    assert_eq!(status, 413);
    assert!(text.contains("300 bytes"), "{text}");
    // The same when the size is not announced.
    let chunks = Chunks(vec![" ".repeat(200), " ".repeat(101)]);
    let response = endpoint
        .clone()
        .call(post("").map(|_| chunks))
        .await
        .unwrap();
    assert_eq!(response.status(), 413);
}

/// A body in parts, of unknown length.
struct Chunks(Vec<String>);

impl Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.0.pop().map(|chunk| Ok(Frame::data(chunk.into()))))
    }
}

#[tokio::test]
async fn beyond_loopback_nobody_is_let_in_unless_the_server_says_so() {
    let ingress = || Ingress::Public {
        hosts: vec!["localhost:8000".into()],
        origins: vec![],
    };
    assert!(Endpoint::new(setup().server, Ingress::Platform).is_err());
    let refused = Endpoint::new(setup().server, ingress())
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("caller_source") && refused.contains("anonymous()"),
        "{refused}"
    );

    let open = setup_with(Limits::default(), true).server;
    for (hosts, origins, setting) in [
        (vec![], vec![], "`hosts`"),
        (
            vec!["a".to_owned()],
            vec!["https://a/".to_owned()],
            "origin",
        ),
    ] {
        let ingress = Ingress::Public { hosts, origins };
        let refused = Endpoint::new(open.clone(), ingress)
            .unwrap_err()
            .to_string();
        assert!(refused.contains(setting), "{refused}");
    }
    let endpoint = Endpoint::new(open, ingress()).unwrap();
    assert_eq!(
        answer(&endpoint, call("maybe", &json!({}))).await.1["result"]["content"][0]["text"],
        "nobody"
    );
    let (_, body) = answer(&endpoint, call("whoami", &json!({}))).await;
    assert_eq!(body["result"]["isError"], true);
    let text = body["result"]["content"][0]["text"].as_str().unwrap();
    assert!(text.contains("anonymous"), "{text}");
}

#[tokio::test]
async fn a_platform_names_the_caller_and_nobody_else_can() {
    let endpoint = Endpoint::behind_platform(setup().server);
    let response = send(&endpoint, call("whoami", &json!({}))).await;
    assert_eq!(response.status(), 401);
    assert_eq!(
        response.headers()["www-authenticate"],
        r#"Bearer scope="sales:read sales:export""#
    );

    let with_caller = |endpoint: &Endpoint| {
        let mut request = call("whoami", &json!({}));
        let ann = Caller::new("ann", Provenance::Platform);
        request.extensions_mut().insert(PlatformCaller(ann));
        let endpoint = endpoint.clone();
        async move { answer(&endpoint, request).await.1["result"]["content"][0]["text"].clone() }
    };
    assert_eq!(with_caller(&endpoint).await, "ann");
    // On loopback the local user calls, whatever an extension says.
    assert_eq!(with_caller(&local()).await, "local");
}

// [TOOL-14b] [CACHE-3]
#[tokio::test]
async fn a_scoped_tool_is_hidden_and_unreachable_alike() {
    let endpoint = Endpoint::behind_platform(setup().server);
    let as_caller = |scopes: &'static [&'static str], mut request: Request<String>| {
        let caller = Caller::new("ann", Provenance::Platform).with_scopes(scopes.iter().copied());
        request.extensions_mut().insert(PlatformCaller(caller));
        let endpoint = endpoint.clone();
        async move { answer(&endpoint, request).await }
    };
    let list = || {
        let mut request = post(message("tools/list", &modern_params(json!({}))));
        set(&mut request, "mcp-protocol-version", "2026-07-28");
        set(&mut request, "mcp-method", "tools/list");
        request
    };
    for (scopes, visible) in [
        (&[][..], false),
        (&["sales:read"], false),
        (&["sales:export", "sales:read"], true),
    ] {
        let (_, listed) = as_caller(scopes, list()).await;
        assert_eq!(listed.to_string().contains("export"), visible, "{scopes:?}");
        assert_eq!(listed["result"]["cacheScope"], "private");
        let (status, hidden) = as_caller(scopes, call("export", &json!({}))).await;
        let (_, unknown) = as_caller(scopes, call("exporx", &json!({}))).await;
        assert_eq!(status, 200);
        if visible {
            assert_eq!(hidden["result"]["content"][0]["text"], "exported");
        } else {
            let same = unknown.to_string().replace("exporx", "export");
            assert_eq!(hidden.to_string(), same, "{scopes:?}");
        }
    }
}

/// A body that never arrives.
struct Never;

impl Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn who_may_not_call_is_refused_before_the_body_and_a_slow_body_is_given_up() {
    let unidentified = post("").map(|_| Never);
    let mut closed = Endpoint::behind_platform(setup().server);
    assert_eq!(closed.call(unidentified).await.unwrap().status(), 401);
    let start = tokio::time::Instant::now();
    let slow = local().call(post("").map(|_| Never)).await.unwrap();
    assert_eq!(slow.status(), 408);
    assert_eq!(
        start.elapsed().as_secs(),
        Limits::default().body_time.as_secs()
    );
}

/// Vouches for nobody: panics, hangs or says no.
struct Source;

impl mcp_core::http::CallerSource for Source {
    fn identify<'r>(
        &'r self,
        request: &'r http::request::Parts,
    ) -> Pin<
        Box<dyn Future<Output = Result<Option<Caller>, mcp_core::http::Unidentified>> + Send + 'r>,
    > {
        Box::pin(async move {
            match request
                .headers
                .get("authorization")
                .map(http::HeaderValue::as_bytes)
            {
                Some(b"ann") => Ok(Some(Caller::new("ann", Provenance::Custom))),
                Some(b"panic") => panic!("a source that panics"),
                Some(b"hang") => std::future::pending().await,
                Some(_) => Err(mcp_core::http::Unidentified::Invalid),
                None => Ok(None),
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_decides_and_cannot_take_the_host_down() {
    let server = Server::new(server_info!(), ()).tools(tools![whoami, maybe]);
    let server = server.caller_source(Source).build().unwrap();
    let endpoint = Endpoint::new(server, Ingress::Loopback).unwrap();
    for (token, status) in [
        ("ann", 200),
        ("forged", 401),
        ("", 401),
        ("panic", 500),
        ("hang", 500),
    ] {
        let mut request = call("whoami", &json!({}));
        if !token.is_empty() {
            set(&mut request, "authorization", token);
        }
        let (found, body) = answer(&endpoint, request).await;
        assert_eq!(found, status, "{token}: {body}");
        assert_eq!(
            body["result"]["content"][0]["text"] == "ann",
            token == "ann"
        );
    }
}

#[tokio::test]
async fn a_progress_token_of_n_bytes_is_used_and_one_of_n_plus_one_is_not() {
    let with_token = |length: usize| {
        let mut request = call("brief", &json!({}));
        let token = format!("\"{}\"", "t".repeat(length - 2));
        *request.body_mut() = request.body().replace("\"p\"", &token);
        request
    };
    let kind = async |request| send(&local(), request).await.headers()["content-type"].clone();
    assert_eq!(kind(with_token(256)).await, "text/event-stream");
    assert_eq!(kind(with_token(257)).await, "application/json");
}

/// The messages of a whole stream, without the comments that keep it open.
fn events(body: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(body).unwrap();
    text.split_terminator("\n\n")
        .filter(|event| !event.starts_with(':'))
        .map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap())
        .collect()
}

// [HTTP-3] [PROG-1d] [SSE-4]
#[tokio::test]
async fn a_reply_becomes_a_stream_when_the_tool_speaks() {
    let Setup { server, gate, .. } = setup();
    let endpoint = Endpoint::new(server, Ingress::Loopback).unwrap();
    let response = send(&endpoint, call("slow", &json!({}))).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    let mut body = response.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let first = events(&first);
    assert_eq!(first[0]["method"], "notifications/progress");
    assert_eq!(
        first[0]["params"],
        json!({"progressToken": "p", "progress": 1, "total": 2, "message": "half"})
    );
    gate.add_permits(1);
    let rest = events(&body.collect().await.unwrap().to_bytes());
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0]["result"]["content"][0]["text"], "done");
}

#[tokio::test]
async fn a_tool_that_speaks_and_ends_at_once_is_a_finished_stream() {
    let response = send(&local(), call("brief", &json!({}))).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let all = events(&response.into_body().collect().await.unwrap().to_bytes());
    assert_eq!(all.len(), 2);
    assert_eq!(all[1]["result"]["content"][0]["text"], "done");
}

#[tokio::test]
async fn a_client_that_takes_no_events_gets_json() {
    let mut request = call("brief", &json!({}));
    set(&mut request, "accept", "application/json");
    assert_eq!(
        answer(&local(), request).await.1["result"]["content"][0]["text"],
        "done"
    );
}

// [CAN-1]
#[tokio::test]
async fn dropping_the_reply_cancels_a_call_of_2026_07_28_before_and_during_its_stream() {
    let log = log::capture();
    let Setup { server, ended, .. } = setup();
    let endpoint = Endpoint::new(server, Ingress::Loopback).unwrap();
    let response = send(&endpoint, call("slow", &json!({}))).await;
    assert_eq!(ended.count(), 0);
    drop(response);
    assert_eq!(ended.count(), 1);

    let mut request = call("slow", &json!({}));
    set(&mut request, "accept", "application/json");
    let waiting = tokio::time::timeout(Duration::from_millis(5), send(&endpoint, request)).await;
    assert!(waiting.is_err());
    assert_eq!(ended.count(), 2);
    assert_eq!(log.with("cancelled").len(), 2);
}

// [POST-5]
#[tokio::test]
async fn before_2026_07_28_a_disconnect_is_no_cancellation() {
    let Setup {
        server,
        gate,
        ended,
    } = setup();
    let endpoint = Endpoint::new(server, Ingress::Loopback).unwrap();
    drop(send(&endpoint, legacy_call("slow")).await);
    assert_eq!(ended.count(), 0);
    gate.add_permits(1);
    while ended.count() == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_stops_reading_loses_its_call_after_the_stall_limit() {
    let log = log::capture();
    let mut limits = Limits::default();
    limits.write_stall = Duration::from_secs(5);
    let Setup { server, ended, .. } = setup_with(limits, false);
    let endpoint = Endpoint::new(server, Ingress::Loopback).unwrap();
    let mut body = send(&endpoint, call("talks", &json!({}))).await.into_body();
    // A client that reads is left alone, far beyond the limit.
    let start = tokio::time::Instant::now();
    while start.elapsed() < Duration::from_secs(12) {
        assert!(body.frame().await.is_some());
    }
    assert_eq!(ended.count(), 0);
    // Time passes and nobody reads.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(ended.count(), 0);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(ended.count(), 1);
    assert_eq!(log.with("takes nothing").len(), 1);
    assert!(body.frame().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_silent_call_is_no_stalled_client() {
    let mut limits = Limits::default();
    limits.write_stall = Duration::from_secs(5);
    let Setup {
        server,
        ended,
        gate,
    } = setup_with(limits, false);
    let endpoint = Endpoint::new(server, Ingress::Loopback).unwrap();
    let body = send(&endpoint, call("slow", &json!({}))).await.into_body();
    let reader = tokio::spawn(body.collect());
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(ended.count(), 0);
    gate.add_permits(1);
    let all = reader.await.unwrap().unwrap().to_bytes();
    assert_eq!(events(&all).len(), 2);
}
