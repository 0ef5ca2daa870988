//! What is wrong with a message, and that whoever sent it can tell: codes, ids, statuses and bodies.

use std::pin::{Pin, pin};
use std::task::Poll;

use http::request::Parts;
use mcp_core::http::{CallerSource, Endpoint, Ingress, Unidentified};
use mcp_core::testing::Client;
use mcp_core::{
    Caller, Context, Error, Limits, Notifier, Progress, Result, Server, ServerInfo, prompt,
    prompts, resource, resources, tool, tools,
};
use mcp_tests::asker::{LEGACY, MODERN, REVISIONS};
use mcp_tests::asking_server::Amount;
use mcp_tests::endpoint_client::{self, local};
use mcp_tests::message::{self, Message, call, modern};
use mcp_tests::rounds::{Reply, keys, post};
use mcp_tests::tokens::Tokens;
use serde_json::{Value, json};

/// Adds one.
#[tool]
fn next(number: u8) -> u8 {
    number.saturating_add(1)
}

/// Waits for ever.
#[tool]
async fn waits() {
    std::future::pending::<()>().await;
}

/// Fails privately.
#[tool]
fn fails() -> Result<()> {
    Err(Error::private("as it was told"))
}

/// Asks.
#[tool]
async fn asks(cx: &Context) -> Result<()> {
    cx.elicit::<Amount>("amount", "How many?").await?;
    Ok(())
}

/// Reports, logs and tells of changes.
#[tool]
fn speaks(cx: &Context, notifier: &Notifier) {
    cx.progress(Progress::new(1));
    cx.log(mcp_core::LogLevel::Error, "said");
    notifier.tools_changed();
    notifier.prompts_changed();
    notifier.resources_changed();
    notifier.resource_updated("notes://1");
}

/// Greets.
#[prompt]
fn greet(#[arg(complete = nothing)] name: &str) -> Result<String> {
    if name.is_empty() {
        return Err(Error::new("give a name"));
    }
    Ok(format!("Hello, {name}!"))
}

fn nothing(_: &str) -> Vec<&'static str> {
    Vec::new()
}

/// Notes, of which there is one.
#[resource("notes://{number}")]
fn note(number: u8) -> Result<String> {
    match number {
        1 => Ok("one".to_owned()),
        2 => Err(Error::private("as it was told")),
        _ => Err(Error::not_found("there is one note")),
    }
}

/// Panics for one token, and takes the others at their word.
struct Source;

impl CallerSource for Source {
    fn identify<'r>(
        &'r self,
        request: &'r Parts,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>, Unidentified>> + Send + 'r>> {
        let token = request.headers.get("authorization");
        assert!(
            token.is_none_or(|token| token != "Bearer panic"),
            "as it was told"
        );
        Tokens.identify(request)
    }
}

fn server_with(limits: Limits) -> Server {
    let server = Server::new(ServerInfo::new("errors", "1"), ())
        .limits(limits)
        .tools(tools![next, waits, fails, asks, speaks])
        .prompts(prompts![greet])
        .resources(resources![note])
        .list_changes()
        .caller_source(Source)
        .anonymous()
        .seal_with(keys());
    server.build().unwrap()
}

fn server() -> Server {
    server_with(Limits::default())
}

/// What every answer has in common.
fn check(body: &Value) {
    let answer = body
        .as_object()
        .unwrap_or_else(|| panic!("no object: {body}"));
    assert_eq!(answer["jsonrpc"], "2.0", "{body}");
    if let Some(id) = answer.get("id") {
        assert!(id.is_string() || id.is_i64() || id.is_u64(), "{body}");
    }
    match (answer.get("result"), answer.get("error")) {
        (Some(result), None) => assert!(result.is_object() && answer.len() == 3, "{body}"),
        (None, Some(error)) => {
            assert!(error["code"].is_i64(), "{body}");
            let text = error["message"].as_str();
            assert!(text.is_some_and(|text| !text.is_empty()), "{body}");
            let known = ["code", "message", "data"];
            let error = error.as_object().unwrap();
            assert!(
                error.keys().all(|key| known.contains(&key.as_str())),
                "{body}"
            );
            assert_eq!(answer.len(), 2 + usize::from(answer.contains_key("id")));
        }
        _ => panic!("neither a result nor an error: {body}"),
    }
}

/// A request of a revision, which any server can answer.
fn ask(revision: &str) -> Message {
    if revision == MODERN {
        modern("server/discover", json!({}))
    } else {
        message::legacy(revision, "ping", json!({}))
    }
}

/// The message with another text in the place of its id.
fn with_id(message: &Message, id: &str) -> String {
    let line = message.line();
    assert!(line.contains(r#""id":7"#));
    line.replace(r#""id":7"#, &format!(r#""id":{id}"#))
}

/// The bytes of the answer to a text with the headers of a message, and its status.
async fn raw(endpoint: &Endpoint, headers: &Message, body: String) -> (u16, String) {
    use http_body_util::BodyExt as _;
    use tower_service::Service as _;

    let mut request = http::Request::post("/mcp");
    for (name, value) in headers.headers() {
        request = request.header(name, value);
    }
    let response = endpoint
        .clone()
        .call(request.body(body).unwrap())
        .await
        .unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

// [RPC-2] [RPC-4]
#[tokio::test]
async fn an_id_comes_back_as_it_was_written_and_others_are_none() {
    let server = server();
    let endpoint = local(&server);
    for revision in REVISIONS {
        let message = ask(revision);
        let both = async |id: &str| {
            let text = with_id(&message, id);
            let (status, body) = raw(&endpoint, &message, text.clone()).await;
            let line = Client::new(&server).send_raw(&text).await;
            assert_eq!(
                String::from_utf8(line).unwrap(),
                body,
                "the transports differ"
            );
            check(&serde_json::from_str(&body).unwrap());
            (status, body)
        };
        for id in [
            "1",
            r#""1""#,
            "-3",
            "0",
            "9007199254740993",
            r#""""#,
            r#""\u0061\"""#,
        ] {
            let (status, body) = both(id).await;
            assert_eq!(status, 200);
            let start = format!(r#"{{"jsonrpc":"2.0","id":{id},"result":"#);
            assert!(body.starts_with(&start), "{body}");
        }
        for id in ["null", "1.5", "1e3", "true", "[]", "{}", "[1]"] {
            let (status, body) = both(id).await;
            assert_eq!(status, 400, "{id}");
            let start = r#"{"jsonrpc":"2.0","error":{"code":-32600,"#;
            assert!(body.starts_with(start), "{body}");
        }
    }
}

/// Requests of 2026-07-28 that are refused whatever they ask for, with the status and the code.
fn refused_at_once() -> Vec<(Message, (u16, i64))> {
    let list = || modern("tools/list", json!({}));
    let envelope = |key: &str, value: Value| {
        let mut body: Value = serde_json::from_str(&list().line()).unwrap();
        body[key] = value;
        message::json(body).header("mcp-protocol-version", MODERN)
    };
    let version = "2099-01-01";
    let unserved = list()
        .meta("io.modelcontextprotocol/protocolVersion", version)
        .header("mcp-protocol-version", version);
    let nameless = call("next", json!({})).without("mcp-name");
    vec![
        (envelope("jsonrpc", json!("1.0")), (400, -32600)),
        (envelope("method", json!(5)), (400, -32600)),
        (envelope("extra", json!(1)), (400, -32600)),
        (envelope("params", json!([])), (400, -32602)),
        (envelope("params", json!({})), (400, -32602)),
        (list().without("mcp-protocol-version"), (400, -32020)),
        (list().header("mcp-method", "ping"), (400, -32020)),
        (nameless, (400, -32020)),
        (unserved, (400, -32022)),
        (list().log_level("loud"), (200, -32602)),
        (modern("no/such", json!({})), (404, -32601)),
        (modern("ping", json!({})), (404, -32601)),
        (call("asks", json!({})), (400, -32021)),
    ]
}

/// Requests of 2026-07-28 that their methods refuse, with the code.
fn refused_by_methods() -> Vec<(&'static str, Value, i64)> {
    let greet = |arguments: Value| json!({"name": "greet", "arguments": arguments});
    let note = |uri: &str| json!({"uri": uri});
    let resumed = |field: &str, value: Value| json!({"name": "asks", field: value});
    let complete = |reference: Value| {
        let argument = json!({"name": "name", "value": ""});
        json!({"ref": reference, "argument": argument})
    };
    vec![
        ("tools/list", json!({"cursor": "x"}), -32602),
        ("prompts/list", json!({"cursor": ""}), -32602),
        ("tools/call", json!({}), -32602),
        ("tools/call", json!({"name": "nope"}), -32602),
        (
            "tools/call",
            json!({"name": "next", "arguments": [1]}),
            -32602,
        ),
        ("tools/call", resumed("requestState", json!("x")), -32602),
        ("tools/call", resumed("inputResponses", json!([])), -32602),
        ("prompts/get", json!({"name": "nope"}), -32602),
        ("prompts/get", greet(json!({"name": 5})), -32602),
        ("prompts/get", greet(json!({"name": ""})), -32602),
        ("prompts/get", greet(json!({})), -32602),
        ("resources/read", note("nope://1"), -32602),
        ("resources/read", note("notes://many"), -32602),
        ("resources/read", note("notes://3"), -32602),
        ("resources/read", note("notes://2"), -32603),
        (
            "completion/complete",
            complete(json!({"type": "ref/x"})),
            -32602,
        ),
        ("subscriptions/listen", json!({}), -32602),
    ]
}

// [RPC-4] [RPC-5] [ERR-1] [ERR-1b] [ERA-12] [PRM-2b] [PAGE-2]
#[tokio::test]
async fn every_mistake_has_its_code_and_keeps_the_id_of_its_request() {
    let server = server();
    let endpoint = local(&server);
    let by_methods = refused_by_methods()
        .into_iter()
        .map(|(method, params, code)| (modern(method, params), (200, code)));
    for (message, refusal) in refused_at_once().into_iter().chain(by_methods) {
        for id in [json!("a"), json!(8)] {
            let message = message.clone().id(id.clone());
            let line = message.line();
            let reply = post(&endpoint, &message).await;
            assert_eq!(reply.refusal(), refusal, "{line}: {reply:?}");
            assert_eq!(reply.body["id"], id, "{line}");
            assert_eq!(reply.content_type, "application/json");
            check(&reply.body);
            if refusal.1 == -32020 {
                continue;
            }
            // On a connection there are no headers that could differ.
            let answers = Client::new(&server).send(&line).await;
            assert_eq!(answers.len(), 1, "{line}");
            assert_eq!(answers[0]["error"]["code"], refusal.1, "{line}");
            assert_eq!(answers[0]["id"], id);
            check(&answers[0]);
        }
    }
}

// [RPC-4] [RPC-5]
#[tokio::test]
async fn answers_of_older_revisions_have_the_id_and_the_form_too() {
    let mut limits = Limits::default();
    limits.in_flight = 1;
    let endpoint = local(&server_with(limits));
    let waiting = call("waits", json!({}));
    let mut waiting = pin!(post(&endpoint, &waiting));
    let polled = std::future::poll_fn(|cx| Poll::Ready(waiting.as_mut().poll(cx))).await;
    assert!(polled.is_pending());
    for revision in REVISIONS {
        for (method, params, code) in [
            ("tools/list", json!({}), None),
            ("prompts/list", json!({}), None),
            ("no/such", json!({}), Some(-32601)),
            ("tools/call", json!({"name": "nope"}), Some(-32602)),
            ("prompts/get", json!({"name": "nope"}), Some(-32602)),
            (
                "tools/call",
                json!({"name": "next", "arguments": {"number": 1}}),
                Some(-32603),
            ),
        ] {
            let message = if revision == MODERN {
                modern(method, params)
            } else {
                message::legacy(revision, method, params)
            };
            let reply = post(&endpoint, &message.id("b")).await;
            assert_eq!(
                reply.body["error"]["code"].as_i64(),
                code,
                "{revision} {method}"
            );
            assert_eq!(reply.body["id"], "b");
            check(&reply.body);
        }
        let (status, body) = {
            let message = ask(revision);
            let text = message.line().replace(r#""2.0""#, r#""1.0""#);
            raw(&endpoint, &message, text).await
        };
        assert_eq!(status, 400, "{revision}");
        assert!(
            body.starts_with(r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"#),
            "{body}"
        );
    }
}

// [ERA-12] [RPC-4b] [ERR-1] [RPC-5]
#[tokio::test]
async fn a_refusal_before_the_id_is_read_is_an_error_without_one() {
    let mut limits = Limits::default();
    limits.body_bytes = 1000;
    let endpoint = local(&server_with(limits));
    let closed = Server::new(ServerInfo::new("errors", "1"), ()).caller_source(Source);
    let closed = Endpoint::new(closed.build().unwrap(), Ingress::Loopback).unwrap();
    let good = || modern("tools/list", json!({}));
    let text = |text: &str| (good(), text.to_owned());
    let changed = |message: Message| (message, good().line());
    let deep = format!(
        r#"{{"jsonrpc":"2.0","id":7,"method":{}{}}}"#,
        "[".repeat(99),
        "]".repeat(99)
    );
    let large = format!("{}{}", good().line(), " ".repeat(1000));
    for (what, endpoint, (headers, body), status, code) in [
        ("no JSON", &endpoint, text("{"), 400, -32700),
        ("nothing", &endpoint, text(""), 400, -32700),
        ("no object", &endpoint, text("7"), 400, -32600),
        (
            "an array",
            &endpoint,
            text(&format!("[{}]", good().line())),
            400,
            -32600,
        ),
        ("an empty array", &endpoint, text("[]"), 400, -32600),
        ("too deep", &endpoint, text(&deep), 400, -32600),
        ("too large", &endpoint, text(&large), 413, -32600),
        (
            "host",
            &endpoint,
            changed(good().header("host", "evil.example")),
            403,
            -32600,
        ),
        (
            "origin",
            &endpoint,
            changed(good().header("origin", "https://evil.example")),
            403,
            -32600,
        ),
        (
            "media type",
            &endpoint,
            changed(good().header("content-type", "text/plain")),
            415,
            -32600,
        ),
        ("nobody", &closed, changed(good()), 401, -32600),
        (
            "a forged token",
            &closed,
            changed(good().header("authorization", "x")),
            401,
            -32600,
        ),
        (
            "a broken source",
            &closed,
            changed(good().from_caller("panic")),
            500,
            -32603,
        ),
    ] {
        let (found, body) = raw(endpoint, &headers, body).await;
        assert_eq!(found, status, "{what}: {body}");
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["error"]["code"], code, "{what}: {body}");
        assert!(body.get("id").is_none(), "{what}: {body}");
        check(&body);
    }
    for method in ["GET", "DELETE", "PUT", "PATCH"] {
        let mut reply = endpoint_client::send(&endpoint, method, &good()).await;
        assert_eq!(reply.status, 405, "{method}");
        assert_eq!(reply.header("content-type"), Some("application/json"));
        check(&reply.json().await);
    }
}

/// The code of an answer: 0 for a result.
fn code(reply: &Reply) -> i64 {
    reply.body["error"]["code"].as_i64().unwrap_or_default()
}

// [TOOL-13]
#[tokio::test]
async fn what_goes_wrong_in_a_tool_is_a_result_in_every_revision() {
    let endpoint = local(&server());
    for revision in REVISIONS {
        for (tool, arguments) in [
            ("fails", json!({})),
            ("next", json!({"number": 256})),
            ("next", json!({})),
        ] {
            let params = json!({"name": tool, "arguments": arguments});
            let message = if revision == MODERN {
                modern("tools/call", params)
            } else {
                message::legacy(revision, "tools/call", params)
            };
            let reply = post(&endpoint, &message).await;
            assert_eq!(
                (reply.status, code(&reply)),
                (200, 0),
                "{revision} {reply:?}"
            );
            assert_eq!(reply.result()["isError"], true);
        }
    }
}

// [RPC-6b] [RPC-10]
#[tokio::test]
async fn notifications_have_no_id() {
    let server = server();
    let client = Client::new(&server);
    let everything = json!({"toolsListChanged": true, "promptsListChanged": true,
                            "resourcesListChanged": true, "resourceSubscriptions": ["notes://1"]});
    let listen = modern("subscriptions/listen", json!({"notifications": everything})).line();
    let speaks = call("speaks", json!({}))
        .progress("p")
        .log_level("debug")
        .line();
    let speak = async {
        let said = client.send(&speaks).await;
        server.end_subscriptions();
        said
    };
    // The subscription stands after its first poll, which comes first.
    let (mut messages, said) = tokio::join!(biased; client.send(&listen), speak);
    messages.extend(said);
    let (notifications, answers): (Vec<Value>, Vec<Value>) = messages
        .into_iter()
        .partition(|message| message.get("method").is_some());
    assert_eq!(answers.len(), 2);
    answers.iter().for_each(check);
    let mut methods = Vec::new();
    for notification in &notifications {
        assert_eq!(notification["jsonrpc"], "2.0");
        for key in ["id", "result", "error"] {
            assert!(notification.get(key).is_none(), "{notification}");
        }
        methods.push(notification["method"].as_str().unwrap());
    }
    methods.sort_unstable();
    let expected = [
        "cancelled",
        "message",
        "progress",
        "prompts/list_changed",
        "resources/list_changed",
        "resources/updated",
        "subscriptions/acknowledged",
        "tools/list_changed",
    ];
    assert_eq!(
        methods,
        expected.map(|method| format!("notifications/{method}"))
    );
}

// [RPC-3]
#[tokio::test]
async fn an_id_is_taken_again_and_again() {
    let endpoint = local(&server());
    let first = call("next", json!({"number": 1}));
    let second = call("next", json!({"number": 2}));
    for _ in 0..3 {
        // Two with one id at once, each of which gets its own answer.
        let (one, two) = tokio::join!(post(&endpoint, &first), post(&endpoint, &second));
        for (reply, number) in [(one, 2), (two, 3)] {
            assert_eq!(reply.body["id"], 7);
            assert_eq!(reply.result()["structuredContent"], number);
        }
    }
    for revision in LEGACY {
        let params = json!({"name": "next", "arguments": {"number": 3}});
        let message = message::legacy(revision, "tools/call", params);
        for _ in 0..2 {
            assert_eq!(post(&endpoint, &message).await.text(), "4");
        }
    }
}
