//! Replies over HTTP: which become streams, what is in them, how they end, and that nothing depends on
//! the connection or the instance that serves them.

use std::net::SocketAddr;

use mcp_core::testing::Client;
use mcp_core::{
    Context, Limits, SealKeys, Server, prompt, prompts, resource, resources, server_info, tool,
    tools,
};
use mcp_fargate_adapter::Host;
use mcp_tests::message::{Message, call, json, legacy, modern};
use mcp_tests::tokens::Tokens;
use mcp_tests::wire::{Connection, Head, host};
use mcp_tests::{Result, talk};
use serde_json::{Value, json};

async fn talkative() -> Result<SocketAddr> {
    host(talk::server()?).await
}

/// A call of the tool that reports, logs and then ends in this way.
fn says(ending: &str) -> Message {
    let says = call("says", json!({"ending": ending}));
    says.progress("p").log_level("info")
}

/// The methods of a stream's messages; the one that is empty is the answer.
fn methods(messages: &[Value]) -> Vec<&str> {
    let methods = messages.iter().map(|message| message["method"].as_str());
    methods.map(Option::unwrap_or_default).collect()
}

const SAID: [&str; 3] = ["notifications/progress", "notifications/message", ""];

// [HTTP-1] [SUB-6c]
#[tokio::test]
async fn a_failure_is_the_last_event_of_a_stream_that_has_begun() -> Result<()> {
    let mut connection = Connection::open(talkative().await?).await?;
    let params = |ending: &str| json!({"name": "says", "arguments": {"ending": ending}});
    for ending in ["fails", "panics", "hangs", "large", "form"] {
        let old = legacy("2025-06-18", "tools/call", params(ending)).progress("p");
        for message in [says(ending), old] {
            let head = connection.post(&message).await?;
            assert_eq!(
                (head.status, head.content_type()),
                (200, "text/event-stream")
            );
            let said = connection.rest().await?;
            assert_eq!(methods(&said), SAID, "{ending}");
            assert_eq!(said[2]["id"], 7);
            let is_error = said[2]["result"]["isError"] == true;
            assert!(is_error || said[2]["error"]["code"] == -32021, "{said:?}");
        }
    }
    Ok(())
}

// [SSE-3] [SSE-5]
#[tokio::test]
async fn a_stream_has_what_its_own_request_is_told_and_nothing_else() -> Result<()> {
    let address = talkative().await?;
    let call = async |text: &str| {
        let message = call("logs", json!({"text": text}))
            .id(text)
            .log_level("debug");
        Connection::open(address).await?.messages(&message).await
    };
    let (first, second) = tokio::join!(call("first"), call("second"));
    for (messages, text) in [(first?, "first"), (second?, "second")] {
        let (answer, said) = messages.split_last().unwrap();
        assert_eq!((said.len(), &answer["id"]), (8, &json!(text)));
        assert!(said.iter().all(|message| message["params"]["data"] == text));
    }
    // An event is data and nothing more: there is no id to resume it by.
    let mut connection = Connection::open(address).await?;
    connection.post(&says("done")).await?;
    while let Some(event) = connection.event().await? {
        assert!(
            event.starts_with("data: {") && !event.contains('\n'),
            "{event}"
        );
    }
    Ok(())
}

// [SSE-3] [SREQ-2]
#[tokio::test]
async fn what_an_older_client_is_asked_stands_on_the_stream_of_the_call() -> Result<()> {
    let address = talkative().await?;
    let old = |method: &str, params: Value| legacy("2025-06-18", method, params);
    let mut asked = Connection::open(address).await?;
    let client = json!({"protocolVersion": "2025-06-18", "capabilities": {"elicitation": {}}, "clientInfo": {}});
    let head = asked.post(&old("initialize", client)).await?;
    let session = head
        .header("mcp-session-id")
        .ok_or("no session")?
        .to_owned();
    asked.body().await?;
    let says = |ending: &str| {
        let params = json!({"name": "says", "arguments": {"ending": ending}});
        old("tools/call", params).header("mcp-session-id", &session)
    };
    asked.post(&says("form")).await?;
    let log = asked.next().await?.ok_or("nothing is said")?;
    assert_eq!(log["method"], "notifications/message");
    let question = asked.next().await?.ok_or("nothing is asked")?;
    assert_eq!(question["method"], "elicitation/create");

    // A call beside it has none of this.
    let mut other = Connection::open(address).await?;
    let said = other.messages(&says("done").id(8)).await?;
    assert_eq!(methods(&said), ["notifications/message", ""]);
    assert_eq!(
        (&said[0]["params"]["data"], &said[1]["id"]),
        (&json!("done"), &json!(8))
    );

    let answer = json!({"action": "accept", "content": {"name": "Ann"}});
    let answer = json(json!({"jsonrpc": "2.0", "id": question["id"], "result": answer}))
        .header("mcp-protocol-version", "2025-06-18")
        .header("mcp-session-id", &session);
    assert_eq!(other.post(&answer).await?.status, 202);
    let rest = asked.rest().await?;
    assert_eq!((rest.len(), &rest[0]["id"]), (1, &json!(7)));
    assert!(rest[0].to_string().contains("Ann"), "{rest:?}");
    Ok(())
}

// [SSE-3b] [SUB-6c]
#[tokio::test]
async fn a_tool_that_asks_ends_its_stream_with_the_questions() -> Result<()> {
    let mut connection = Connection::open(talkative().await?).await?;
    let everything = json!({"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {}});
    for (ending, asked) in [
        ("form", "elicitation/create"),
        ("sampling", "sampling/createMessage"),
        ("roots", "roots/list"),
    ] {
        let says = says(ending).capabilities(everything.clone());
        let said = connection.messages(&says).await?;
        assert_eq!(methods(&said), SAID, "{ending}");
        assert!(said[..2].iter().all(|message| message.get("id").is_none()));
        assert_eq!(said[2]["result"]["resultType"], "input_required");
        let questions = said[2]["result"]["inputRequests"].as_object();
        let questions: Vec<&Value> = questions.ok_or("no questions")?.values().collect();
        assert_eq!(questions.len(), 1);
        assert_eq!(questions[0]["method"], asked);
    }
    Ok(())
}

// [SSE-1]
#[tokio::test]
async fn one_path_takes_every_message_of_every_revision() -> Result<()> {
    let address = talkative().await?;
    let mut connection = Connection::open(address).await?;
    let uri = json!({"uri": "a://1"});
    let change = json!({"name": "change", "arguments": {"what": "a://1"}});
    let greeting = json!({"name": "greeting"});
    let shared = [
        ("tools/list", json!({})),
        ("tools/call", change),
        ("prompts/list", json!({})),
        ("prompts/get", greeting),
        ("resources/list", json!({})),
        ("resources/templates/list", json!({})),
        ("resources/read", uri.clone()),
    ];
    for revision in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let client = json!({"protocolVersion": revision, "capabilities": {}, "clientInfo": {}});
        let head = connection
            .post(&legacy(revision, "initialize", client))
            .await?;
        let session = head
            .header("mcp-session-id")
            .ok_or("no session")?
            .to_owned();
        connection.body().await?;
        let old = [
            ("ping", json!({})),
            ("logging/setLevel", json!({"level": "error"})),
            ("resources/subscribe", uri.clone()),
            ("resources/unsubscribe", uri.clone()),
        ];
        for (method, params) in shared.clone().into_iter().chain(old) {
            let message = legacy(revision, method, params).header("mcp-session-id", &session);
            let said = connection.messages(&message).await?;
            assert!(
                said.last().unwrap()["result"].is_object(),
                "{method}: {said:?}"
            );
        }
    }
    let new = [
        ("server/discover", json!({})),
        ("subscriptions/listen", json!({"notifications": {}})),
    ];
    for (method, params) in shared.into_iter().chain(new) {
        let said = connection.messages(&modern(method, params)).await?;
        assert!(
            said.last().unwrap()["result"].is_object(),
            "{method}: {said:?}"
        );
    }
    for path in [
        "/",
        "/mcp/",
        "/mcp/tools/call",
        "/sse",
        "/messages",
        "/healthz",
    ] {
        let head = connection.send(&says_done().post(path)).await?;
        assert!([404, 405].contains(&head.status), "{path}: {}", head.status);
        connection.body().await?;
    }
    Ok(())
}

fn says_done() -> Message {
    call("says", json!({"ending": "done"}))
}

// [HTTP-5]
#[tokio::test]
async fn a_notification_that_is_not_accepted_has_an_error_status_and_no_id() -> Result<()> {
    let mut limits = Limits::default();
    limits.depth = 8;
    let server = Server::new(server_info!(), ()).limits(limits);
    let open = host(server.build()?).await?;
    let closed = host(
        Server::new(server_info!(), ())
            .caller_source(Tokens)
            .build()?,
    )
    .await?;
    let accepted = json!({"jsonrpc": "2.0", "method": "notifications/x"});
    let mut deep = json!({"jsonrpc": "2.0", "method": "notifications/x", "params": {}});
    let mut inner = json!(1);
    for _ in 0..8 {
        inner = json!([inner]);
    }
    deep["params"]["a"] = inner;
    for revision in ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"] {
        for (address, body, status) in [
            (open, &accepted, 202),
            (
                open,
                &json!({"jsonrpc": "1.0", "method": "notifications/x"}),
                400,
            ),
            (open, &json!({"jsonrpc": "2.0", "method": 5}), 400),
            (
                open,
                &json!({"jsonrpc": "2.0", "method": "notifications/x", "more": 1}),
                400,
            ),
            (open, &deep, 400),
            (closed, &accepted, 401),
        ] {
            let message = json(body.clone()).header("mcp-protocol-version", revision);
            let mut connection = Connection::open(address).await?;
            let head = connection.post(&message).await?;
            assert_eq!(head.status, status, "{body}");
            let answer = connection.body().await?;
            if status == 202 {
                assert!(answer.is_empty());
            } else {
                let answer: Value = serde_json::from_slice(&answer)?;
                assert!(answer["error"]["code"].is_i64() && answer.get("id").is_none());
            }
        }
    }
    Ok(())
}

// [HDR-8]
#[tokio::test]
async fn sessions_and_event_ids_mean_nothing_to_2026_07_28() -> Result<()> {
    let mut connection = Connection::open(talkative().await?).await?;
    let plain = connection.messages(&says("done")).await?;
    let client = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {}});
    let head = connection
        .post(&legacy("2025-11-25", "initialize", client))
        .await?;
    let valid = head
        .header("mcp-session-id")
        .ok_or("no session")?
        .to_owned();
    connection.body().await?;
    for session in ["made-up", &valid] {
        let message = says("done").header("mcp-session-id", session);
        let head: Head = connection
            .post(&message.header("last-event-id", "1-1"))
            .await?;
        assert_eq!((head.status, head.header("mcp-session-id")), (200, None));
        assert_eq!(connection.rest().await?, plain);
    }
    Ok(())
}

// [SEC-2]
#[tokio::test]
async fn a_local_server_listens_on_loopback_and_serves_what_names_it() -> Result<()> {
    let far = Host::new(talk::server()?).bind("0.0.0.0:0").serve().await;
    assert!(far.is_err());
    let mut connection = Connection::open(talkative().await?).await?;
    for (host, status) in [("127.0.0.1:8000", 200), ("evil.example", 403)] {
        let head = connection.post(&says_done().header("host", host)).await?;
        assert_eq!(head.status, status);
        connection.body().await?;
    }
    Ok(())
}

/// First.
#[tool]
fn first() {}

/// Second.
#[tool]
fn second() {}

/// Asks how many.
#[tool]
async fn asks(cx: &Context) -> mcp_core::Result<String> {
    let answer = cx.elicit::<Count>("count", "How many?").await?;
    Ok(format!("{:?}", answer.accepted().map(|count| count.count)))
}

/// How many.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Count {
    /// How many.
    count: u8,
}

/// One.
#[resource("a://1")]
fn one() -> u8 {
    1
}

/// Two.
#[resource("a://2")]
fn two() -> u8 {
    2
}

/// Any.
#[resource("b://{number}")]
fn any(number: u8) -> u8 {
    number
}

/// Any other.
#[resource("c://{number}")]
fn other(number: u8) -> u8 {
    number
}

/// Hello.
#[prompt]
fn hello() -> &'static str {
    "Hello!"
}

/// Bye.
#[prompt]
fn bye() -> &'static str {
    "Bye!"
}

/// One of several instances that have nothing but their keys in common.
fn instance() -> Server {
    let keys = SealKeys::new([("k1", [7; 32])]).unwrap();
    Server::new(server_info!(), ())
        .tools(tools![first, second, asks])
        .resources(resources![one, two, any, other])
        .prompts(prompts![hello, bye])
        .page_size(1)
        .seal_with(keys)
        .build()
        .unwrap()
}

// [STATE-1]
#[tokio::test]
async fn what_a_client_holds_is_good_at_any_instance() {
    let (here, there) = (Client::new(&instance()), Client::new(&instance()));
    for (method, key) in [
        ("tools/list", "tools"),
        ("prompts/list", "prompts"),
        ("resources/list", "resources"),
        ("resources/templates/list", "resourceTemplates"),
    ] {
        let begun = here.request(method, json!({})).await;
        let cursor = json!({"cursor": begun["nextCursor"]});
        let went_on = there.request(method, cursor.clone()).await;
        assert_eq!(went_on[key].as_array().unwrap().len(), 1, "{went_on}");
        assert_eq!(went_on[key], here.request(method, cursor).await[key]);
        assert_ne!(went_on[key], begun[key]);
        assert_eq!(there.request(method, json!({})).await[key], begun[key]);
    }
    let asks = |more: Value| {
        let mut params = json!({"name": "asks", "arguments": {}});
        params
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        modern("tools/call", params)
            .capabilities(json!({"elicitation": {}}))
            .line()
    };
    let asked = here.send(&asks(json!({}))).await;
    let state = &asked[0]["result"]["requestState"];
    assert!(state.is_string(), "{asked:?}");
    let answer = json!({"action": "accept", "content": {"count": 3}});
    let retry = json!({"inputResponses": {"count": answer}, "requestState": state});
    let done = there.send(&asks(retry)).await;
    assert_eq!(done[0]["result"]["content"][0]["text"], "Some(3)");
    // Without the state it is a new request.
    let asked = there.send(&asks(json!({}))).await;
    assert_eq!(asked[0]["result"]["resultType"], "input_required");
}

// [STATE-2]
#[tokio::test]
async fn lists_are_the_same_on_every_connection_whatever_came_before() -> Result<()> {
    let address = talkative().await?;
    let lists = async |connection: &mut Connection| {
        let mut lists = Vec::new();
        for method in [
            "tools/list",
            "prompts/list",
            "resources/list",
            "resources/templates/list",
        ] {
            connection.post(&modern(method, json!({}))).await?;
            lists.push(String::from_utf8(connection.body().await?)?);
        }
        Result::Ok(lists)
    };
    let mut used = Connection::open(address).await?;
    let before = lists(&mut used).await?;
    assert!(before[0].contains("says"), "{before:?}");
    used.messages(&says("done")).await?;
    let client = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {}});
    used.messages(&legacy("2025-11-25", "initialize", client))
        .await?;
    used.messages(&modern("resources/read", json!({"uri": "a://1"})))
        .await?;
    assert_eq!(lists(&mut used).await?, before);
    let mut fresh = Connection::open(address).await?;
    assert_eq!(lists(&mut fresh).await?, before);
    Ok(())
}
