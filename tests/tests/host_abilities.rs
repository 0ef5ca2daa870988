//! What a host can do besides answering, and what it cannot: send in parts, keep sessions, tell of
//! changes, carry large replies, wait; and messages that come without HTTP.

#![allow(clippy::needless_pass_by_value)] // parameters are made at the place of the call

use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use http::Request;
use http_body_util::BodyExt as _;
use mcp_core::http::{Deadline, Endpoint, PlatformCaller};
use mcp_core::{
    Caller, Context, Invocation, Limits, Progress, Provenance, ReplyLimit, SealKeys, Server,
    prompt, prompts, resource, resources, server_info, tool, tools,
};
use mcp_tests::endpoint_client::{self, Client, local, send};
use mcp_tests::message::{self, Message, legacy, modern};
use serde_json::{Value, json};
use tower_service::Service as _;

const LEGACY: &str = "2025-11-25";

/// Says something, waits, and says more.
#[tool]
async fn speaks(
    /// How often.
    times: u32,
    cx: &Context,
) -> &'static str {
    for time in 1..=times {
        cx.progress(Progress::new(time));
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    "done"
}

/// Says `"`.
#[tool]
fn large(
    /// How often.
    bytes: usize,
) -> String {
    "\"".repeat(bytes)
}

/// Never ends.
#[tool]
async fn hangs() {
    std::future::pending::<()>().await;
}

/// Whether `blocks` may go on.
static GATE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());

/// Blocks its thread.
#[tool(blocking)]
fn blocks() {
    let (open, opened) = &GATE;
    drop(opened.wait_while(open.lock().unwrap(), |open| !*open));
}

/// Never ends either.
#[resource("test://hangs")]
async fn hanging_text() -> String {
    std::future::pending().await
}

/// Nor does this.
#[prompt]
async fn hanging_prompt() -> String {
    std::future::pending().await
}

fn server() -> Server {
    let server = Server::new(server_info!(), ())
        .tools(tools![speaks, large, hangs, blocks])
        .resources(resources![hanging_text])
        .prompts(prompts![hanging_prompt])
        .list_changes()
        .anonymous();
    server.build().unwrap()
}

/// A call of an older revision that wants to hear how far it has come.
fn call(tool: &str, arguments: Value) -> Message {
    let params = json!({"name": tool, "arguments": arguments, "_meta": {"progressToken": 1}});
    legacy(LEGACY, "tools/call", params)
}

fn http(message: &Message) -> Request<String> {
    let mut request = Request::post("/mcp");
    for (name, value) in message.headers() {
        request = request.header(name, value);
    }
    request.body(message.line()).unwrap()
}

/// The whole body of the reply.
async fn body(endpoint: &Endpoint, request: Request<String>) -> Vec<u8> {
    let response = endpoint.clone().call(request).await.unwrap();
    response
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes()
        .to_vec()
}

async fn document(endpoint: &Endpoint, request: Request<String>) -> Value {
    serde_json::from_slice(&body(endpoint, request).await).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_host_that_sends_in_one_piece_sends_what_was_said_with_the_result() {
    let endpoint = local(&server()).buffered();
    let reply = send(&endpoint, "POST", &call("speaks", json!({"times": 3}))).await;
    assert_eq!(reply.header("content-type"), Some("text/event-stream"));
    let messages = reply.messages().await;
    let progress: Vec<_> = messages
        .iter()
        .map(|one| &one["params"]["progress"])
        .collect();
    assert_eq!(progress, [&json!(1), &json!(2), &json!(3), &Value::Null]);
    assert_eq!(messages[3]["result"]["content"][0]["text"], "done");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_no_events_gets_the_result_alone() {
    let endpoint = local(&server()).buffered();
    let message = call("speaks", json!({"times": 3})).header("accept", "application/json");
    let mut reply = send(&endpoint, "POST", &message).await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.json().await["result"]["content"][0]["text"], "done");
}

#[tokio::test(start_paused = true)]
async fn of_what_was_said_n_are_kept_and_the_rest_is_dropped() {
    let mut limits = Limits::default();
    limits.queued_notifications = 2;
    let server = Server::new(server_info!(), ())
        .limits(limits)
        .tools(tools![speaks]);
    let endpoint = local(&server.build().unwrap()).buffered();
    for (said, kept) in [(2, 2), (3, 2)] {
        let message = call("speaks", json!({"times": said}));
        let messages = send(&endpoint, "POST", &message).await.messages().await;
        assert_eq!(messages.len(), kept + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_said_is_dropped_where_it_does_not_fit_beside_the_result() {
    let endpoint = local(&server()).buffered();
    let mut request = http(&call("speaks", json!({"times": 3})));
    let whole = body(&endpoint, request.clone()).await.len();
    request.extensions_mut().insert(ReplyLimit::plain(whole));
    assert_eq!(body(&endpoint, request.clone()).await.len(), whole);
    request
        .extensions_mut()
        .insert(ReplyLimit::plain(whole - 1));
    let alone = document(&endpoint, request).await;
    assert_eq!(alone["result"]["content"][0]["text"], "done");
}

#[tokio::test]
async fn an_answer_of_n_bytes_is_carried_and_one_of_n_plus_one_is_an_error() {
    let endpoint = local(&server());
    // As it leaves: quotation marks and backslashes twice.
    let quoted = |body: &[u8]| {
        let text = std::str::from_utf8(body).unwrap();
        serde_json::to_string(text).unwrap().len() - 2
    };
    for (message, is_tool) in [
        (call("large", json!({"bytes": 500})), true),
        (legacy(LEGACY, "tools/list", json!({})), false),
    ] {
        let mut request = http(&message);
        let whole = body(&endpoint, request.clone()).await;
        for (fits, short) in [
            (
                ReplyLimit::plain(whole.len()),
                ReplyLimit::plain(whole.len() - 1),
            ),
            (
                ReplyLimit::quoted(quoted(&whole)),
                ReplyLimit::quoted(quoted(&whole) - 1),
            ),
        ] {
            request.extensions_mut().insert(fits);
            assert_eq!(body(&endpoint, request.clone()).await, whole);
            request.extensions_mut().insert(short);
            let refused = document(&endpoint, request.clone()).await;
            assert_eq!(refused["id"], 7);
            if is_tool {
                assert_eq!(refused["result"]["isError"], true);
                let text = endpoint_client::text(&refused["result"]);
                assert!(text.contains("Narrow the call"), "{text}");
            } else {
                assert_eq!(refused["error"]["code"], -32603);
            }
        }
    }
}

#[tokio::test]
async fn the_answers_of_a_batch_have_to_fit_together() {
    let endpoint = local(&server());
    let ping = |id: u32| json!({"jsonrpc": "2.0", "id": id, "method": "ping"});
    let batch =
        message::json(json!([ping(1), ping(2)])).header("mcp-protocol-version", "2025-03-26");
    let mut request = http(&batch);
    let whole = body(&endpoint, request.clone()).await.len();
    request.extensions_mut().insert(ReplyLimit::plain(whole));
    assert_eq!(body(&endpoint, request.clone()).await.len(), whole);
    request
        .extensions_mut()
        .insert(ReplyLimit::plain(whole - 1));
    let refused = document(&endpoint, request).await;
    assert_eq!(refused["error"]["code"], -32603);
}

#[tokio::test(start_paused = true)]
async fn whatever_runs_when_the_host_stops_waiting_is_told_so() {
    let endpoint = local(&server());
    for message in [
        call("hangs", json!({})),
        modern("tools/call", json!({"name": "hangs"})),
        legacy(LEGACY, "resources/read", json!({"uri": "test://hangs"})),
        legacy(LEGACY, "prompts/get", json!({"name": "hanging_prompt"})),
    ] {
        let mut request = http(&message);
        let soon = Instant::now() + Duration::from_millis(100);
        request.extensions_mut().insert(Deadline(soon));
        let answer = document(&endpoint, request).await;
        assert_eq!(answer["error"]["code"], -32603, "{answer}");
        assert_eq!(answer["error"]["data"], json!({"reason": "deadline"}));
        let text = answer["error"]["message"].as_str().unwrap();
        assert!(text.contains("deadline of the host"), "{text}");
    }
}

#[tokio::test]
async fn a_blocking_tool_is_left_alone_when_the_host_stops_waiting() {
    let mut request = http(&call("blocks", json!({})));
    let soon = Instant::now() + Duration::from_millis(20);
    request.extensions_mut().insert(Deadline(soon));
    let answer = document(&local(&server()), request).await;
    assert_eq!(answer["error"]["data"], json!({"reason": "deadline"}));
    let text = answer["error"]["message"].as_str().unwrap();
    assert!(text.contains("may still finish"), "{text}");
    *GATE.0.lock().unwrap() = true;
    GATE.1.notify_all();
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_the_tool_that_comes_first_stays_a_result_for_the_model() {
    let mut limits = Limits::default();
    limits.call_timeout = Duration::from_secs(1);
    let server = Server::new(server_info!(), ())
        .limits(limits)
        .tools(tools![hangs]);
    let endpoint = local(&server.build().unwrap());
    let mut request = http(&call("hangs", json!({})));
    let later = Instant::now() + Duration::from_secs(60);
    request.extensions_mut().insert(Deadline(later));
    assert_eq!(
        document(&endpoint, request).await["result"]["isError"],
        true
    );
}

/// Never says who it is.
struct Undecided;

impl mcp_core::http::CallerSource for Undecided {
    fn identify<'r>(
        &'r self,
        _: &'r http::request::Parts,
    ) -> std::pin::Pin<
        Box<dyn Future<Output = Result<Option<Caller>, mcp_core::http::Unidentified>> + Send + 'r>,
    > {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_source_ends_with_the_deadline_as_well() {
    let server = Server::new(server_info!(), ())
        .caller_source(Undecided)
        .tools(tools![hangs]);
    let endpoint = Endpoint::behind_platform(server.build().unwrap());
    let mut request = http(&call("hangs", json!({})));
    let start = tokio::time::Instant::now();
    let soon = Instant::now() + Duration::from_secs(3);
    request.extensions_mut().insert(Deadline(soon));
    assert_eq!(document(&endpoint, request).await["error"]["code"], -32603);
    assert!(start.elapsed() <= Duration::from_secs(3));
}

#[tokio::test]
async fn a_stateless_host_has_neither_sessions_nor_streams_of_changes() {
    let server = Server::new(server_info!(), ())
        .tools(tools![large])
        .anonymous();
    let server = server
        .seal_with(SealKeys::single_process().unwrap())
        .build()
        .unwrap();
    let with = local(&server);
    let without = local(&server).stateless();
    let client = Client::connect(&with, LEGACY, json!({})).await;
    let began = Client::new(&without, LEGACY).initialize(json!({})).await;
    for method in ["GET", "DELETE"] {
        let reply = began.without_body(method).await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
        let reply = client.clone().at(&without).without_body(method).await;
        assert_eq!(reply.status, 405, "{method} with a session of another host");
    }
    // A session of another host with the same keys is not taken for one of this host.
    let reply = client
        .at(&without)
        .post(endpoint_client::request(1, "ping", json!({})))
        .await;
    assert_eq!(reply.status, 404);
    assert_eq!(began.ask("ping", json!({})).await, json!({}));
}

fn listen() -> Message {
    modern(
        "subscriptions/listen",
        json!({"notifications": {"promptsListChanged": true}}),
    )
}

#[tokio::test(start_paused = true)]
async fn subscriptions_end_in_order_when_their_time_or_the_host_s_is_over() {
    let minute = Some(Duration::from_secs(60));
    for (deadline, longest) in [(None, minute), (Some(30), minute), (Some(90), minute)] {
        let server = server();
        let endpoint = local(&server).subscriptions(longest);
        let mut request = http(&listen());
        if let Some(seconds) = deadline {
            let at = Instant::now() + Duration::from_secs(seconds);
            request.extensions_mut().insert(Deadline(at));
        }
        let start = tokio::time::Instant::now();
        let text = String::from_utf8(body(&endpoint, request).await).unwrap();
        let lasted = start.elapsed();
        let expected = Duration::from_secs(deadline.unwrap_or(60).min(60));
        let off = lasted.abs_diff(expected);
        assert!(off < Duration::from_secs(1), "{lasted:?}");
        let messages: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("data: "))
            .collect();
        assert_eq!(messages.len(), 2, "{text}");
        assert!(
            messages[0].contains(r#""promptsListChanged":true"#),
            "{text}"
        );
        assert!(messages[1].contains(r#""resultType":"complete""#), "{text}");
        // Kept alive meanwhile.
        assert!(text.lines().any(|line| line.starts_with(':')), "{text}");
    }
}

#[tokio::test]
async fn what_is_not_offered_is_not_advertised() {
    let server = server();
    for (endpoint, offered) in [
        (local(&server), true),
        (local(&server).subscriptions(None), false),
        (local(&server).buffered(), false),
        (
            local(&server)
                .buffered()
                .subscriptions(Some(Duration::from_secs(9))),
            false,
        ),
    ] {
        let mut reply = send(&endpoint, "POST", &modern("server/discover", json!({}))).await;
        let capabilities = &reply.json().await["result"]["capabilities"];
        let changes = json!({"listChanged": true});
        let expected = if offered { changes } else { json!({}) };
        assert_eq!(capabilities["prompts"], expected);
        let mut reply = send(&endpoint, "POST", &listen()).await;
        let acknowledged = reply.next().await.unwrap();
        let honoured = &acknowledged["params"]["notifications"];
        assert_eq!(*honoured == json!({"promptsListChanged": true}), offered);
    }
}

/// Asks as `ann`.
async fn invoke(server: &Server, message: Value) -> Option<Value> {
    let ann = Caller::new("ann", Provenance::Iam);
    let text = message.to_string();
    let answer = Invocation::new(&text).caller(&ann).answer(server).await;
    answer.map(|answer| serde_json::from_slice(&answer).unwrap())
}

#[tokio::test]
async fn a_message_that_comes_alone_is_answered_in_either_era() {
    let server = server();
    let initialize = endpoint_client::initialize("2025-06-18", json!({}));
    let answer = invoke(&server, initialize).await.unwrap();
    assert_eq!(answer["result"]["protocolVersion"], "2025-06-18");
    let large = json!({"name": "large", "arguments": {"bytes": 1}});
    let answer = invoke(&server, endpoint_client::request(2, "tools/call", large))
        .await
        .unwrap();
    assert_eq!(answer["result"]["content"][0]["text"], "\"");
    let modern: Value = serde_json::from_str(&modern("server/discover", json!({})).line()).unwrap();
    let answer = invoke(&server, modern).await.unwrap();
    assert_eq!(answer["result"]["supportedVersions"][0], "2026-07-28");
    // Nothing can be heard of later.
    assert_eq!(answer["result"]["capabilities"]["prompts"], json!({}));
    for silent in [
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json!({"jsonrpc": "2.0", "id": 1, "result": {}}),
    ] {
        assert_eq!(invoke(&server, silent).await, None);
    }
    for (refused, code) in [
        (
            json!([endpoint_client::request(1, "ping", json!({}))]),
            -32600,
        ),
        (serde_json::from_str(&listen().line()).unwrap(), -32602),
        (
            endpoint_client::request(1, "resources/subscribe", json!({"uri": "test://hangs"})),
            -32601,
        ),
    ] {
        assert_eq!(
            invoke(&server, refused).await.unwrap()["error"]["code"],
            code
        );
    }
}

#[tokio::test]
async fn a_message_that_comes_alone_comes_from_somebody() {
    let closed = Server::new(server_info!(), ())
        .tools(tools![large])
        .build()
        .unwrap();
    let ping = endpoint_client::request(1, "ping", json!({})).to_string();
    let refused = Invocation::new(&ping).answer(&closed).await.unwrap();
    assert!(String::from_utf8(refused).unwrap().contains("sign in"));
    assert!(
        invoke(&closed, endpoint_client::request(1, "ping", json!({})))
            .await
            .unwrap()["result"]
            .is_object()
    );
    let admitted = Invocation::new(&ping).answer(&server()).await.unwrap();
    assert!(String::from_utf8(admitted).unwrap().contains("result"));
}

#[tokio::test]
async fn a_message_of_n_bytes_is_read_and_one_of_n_plus_one_is_not() {
    let ping = endpoint_client::request(1, "ping", json!({})).to_string();
    for (spare, fits) in [(0, true), (1, false)] {
        let mut limits = Limits::default();
        limits.body_bytes = u32::try_from(ping.len()).unwrap() - spare;
        let server = Server::new(server_info!(), ())
            .limits(limits)
            .anonymous()
            .build()
            .unwrap();
        let answer = Invocation::new(&ping).answer(&server).await.unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer["result"].is_object(), fits, "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_comes_alone_has_a_deadline_and_a_limit() {
    let server = server();
    let hangs = endpoint_client::request(1, "tools/call", json!({"name": "hangs"})).to_string();
    let soon = Instant::now() + Duration::from_millis(50);
    let answer = Invocation::new(&hangs)
        .deadline(soon)
        .answer(&server)
        .await
        .unwrap();
    assert!(
        String::from_utf8(answer)
            .unwrap()
            .contains(r#""reason":"deadline""#)
    );
    let ping = endpoint_client::request(1, "ping", json!({})).to_string();
    let invocation = Invocation::new(&ping);
    let whole = invocation.answer(&server).await.unwrap();
    let fits = invocation.reply_limit(ReplyLimit::plain(whole.len()));
    assert_eq!(fits.answer(&server).await.unwrap(), whole);
    let short = invocation.reply_limit(ReplyLimit::plain(whole.len() - 1));
    assert!(
        String::from_utf8(short.answer(&server).await.unwrap())
            .unwrap()
            .contains("-32603")
    );
}

#[tokio::test]
async fn the_same_subject_of_another_tenant_is_somebody_else() {
    // What is left with one of them cannot be used by the other: cursors are bound to the caller.
    let server = Server::new(server_info!(), ())
        .tools(tools![large, hangs])
        .page_size(1);
    let server = server
        .seal_with(SealKeys::single_process().unwrap())
        .build()
        .unwrap();
    let endpoint = Endpoint::behind_platform(server);
    let ann = Caller::new("ann", Provenance::Authorizer);
    let list = |caller: Caller, cursor: Option<Value>| {
        let params = cursor.map_or(json!({}), |cursor| json!({"cursor": cursor}));
        let mut request = http(&legacy(LEGACY, "tools/list", params));
        request.extensions_mut().insert(PlatformCaller(caller));
        request
    };
    let first = document(&endpoint, list(ann.clone().with_tenant("a"), None)).await;
    let cursor = first["result"]["nextCursor"].clone();
    assert!(cursor.is_string());
    for (caller, good) in [
        (ann.clone().with_tenant("a"), true),
        (ann.clone().with_tenant("b"), false),
        (ann.clone(), false),
        (Caller::new("ann", Provenance::Iam).with_tenant("a"), false),
    ] {
        let next = document(&endpoint, list(caller, Some(cursor.clone()))).await;
        assert_eq!(next["result"].is_object(), good, "{next}");
    }
}

#[tokio::test]
async fn n_calls_of_one_caller_run_and_one_more_has_to_wait_while_others_call() {
    let mut limits = Limits::default();
    limits.in_flight_per_caller = 2;
    let server = Server::new(server_info!(), ()).limits(limits);
    let server = server.tools(tools![hangs, large]).build().unwrap();
    let endpoint = Endpoint::behind_platform(server);
    let as_caller = |message: Message, caller: &str| {
        let mut request = http(&message);
        let caller = Caller::new(caller, Provenance::Authorizer);
        request.extensions_mut().insert(PlatformCaller(caller));
        request
    };
    let hang = |caller: &str| {
        let request = as_caller(modern("tools/call", json!({"name": "hangs"})), caller);
        let endpoint = endpoint.clone();
        tokio::spawn(async move { body(&endpoint, request).await })
    };
    let status = async |caller: &str| {
        let request = as_caller(call("large", json!({"bytes": 1})), caller);
        let response = endpoint.clone().call(request).await.unwrap();
        let again = response.headers().get("retry-after").cloned();
        (response.status().as_u16(), again.is_some())
    };
    let first = hang("ann");
    tokio::task::yield_now().await;
    assert_eq!(status("ann").await, (200, false));
    let second = hang("ann");
    tokio::task::yield_now().await;
    assert_eq!(status("ann").await, (429, true));
    assert_eq!(status("bob").await, (200, false));
    for ended in [second, first] {
        ended.abort();
        assert!(ended.await.unwrap_err().is_cancelled());
        assert_eq!(status("ann").await, (200, false));
    }
}
