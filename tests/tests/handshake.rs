//! What `initialize` settles, and what older revisions do with it afterwards.

use mcp_core::http::Endpoint;
use mcp_core::{Limits, Server, prompt, prompts, resource, resources, server_info, tool, tools};
use mcp_tests::Result;
use mcp_tests::endpoint_client::{Client, initialize, local, request, send};
use mcp_tests::legacy_server::{Shared, builder, keys};
use mcp_tests::message;
use mcp_tests::stdio_client::Session;
use serde_json::{Value, json};

/// Revisions with a handshake, and with sessions over HTTP.
const ALL: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

fn endpoint() -> Endpoint {
    let builder = builder(&Shared::default()).seal_with(keys());
    local(&builder.build().unwrap())
}

fn capabilities(revision: &str) -> Value {
    let mut capabilities = json!({
        "tools": {"listChanged": true},
        "resources": {"listChanged": true, "subscribe": true},
        "prompts": {"listChanged": true},
        "logging": {},
    });
    if revision >= "2025-03-26" {
        capabilities["completions"] = json!({});
    }
    capabilities
}

/// Checks what a server that offers everything says of itself.
fn assert_initialized(result: &Value, revision: &str) {
    let mut members: Vec<&String> = result.as_object().unwrap().keys().collect();
    members.retain(|name| *name != "instructions");
    members.sort_unstable();
    assert_eq!(members, ["capabilities", "protocolVersion", "serverInfo"]);
    assert_eq!(result["protocolVersion"], revision);
    assert_eq!(result["capabilities"], capabilities(revision), "{revision}");
    let info = &result["serverInfo"];
    assert!(info["name"].is_string() && info["version"].is_string());
}

// [INIT-1] [INIT-2]
#[tokio::test]
async fn a_handshake_says_what_is_served_and_nothing_else() -> Result<()> {
    for revision in ALL {
        let client = Client::new(&endpoint(), revision);
        let mut reply = client.post(initialize(revision, json!({}))).await;
        assert_initialized(&reply.json().await["result"], revision);

        let mut session = Session::start(env!("CARGO_BIN_EXE_legacy"))?;
        let begin = message::json(initialize(revision, json!({})));
        let messages = session.ask(&begin).await?;
        assert_initialized(&messages[0]["result"], revision);
    }
    let unknown = initialize("1999-01-01", json!({}));
    let answer = Client::new(&endpoint(), "2025-11-25")
        .post(unknown)
        .await
        .json()
        .await;
    assert_eq!(answer["result"]["protocolVersion"], "2025-11-25");
    Ok(())
}

// [VERH-1]
#[tokio::test]
async fn a_version_header_that_is_not_served_is_refused() {
    let endpoint = endpoint();
    let list = request(1, "tools/list", json!({}));
    let plain = message::json(list.clone());
    for value in ["2099-01-01", "x", "", "2026-07-28"] {
        let message = plain.clone().header("mcp-protocol-version", value);
        let mut reply = send(&endpoint, "POST", &message).await;
        assert_eq!(reply.status, 400, "{value}");
        assert!(reply.json().await["error"]["code"].is_i64());
    }
    // What needs no answer is held to it as well.
    for body in [
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json!({"jsonrpc": "2.0", "id": "x", "result": {}}),
    ] {
        let message = message::json(body).header("mcp-protocol-version", "2099-01-01");
        let mut reply = send(&endpoint, "POST", &message).await;
        assert_eq!(reply.status, 400);
        assert!(reply.json().await.get("id").is_none());
    }
    let client = Client::connect(&endpoint, "2025-11-25", json!({})).await;
    for method in ["GET", "DELETE"] {
        let message = client.message(Value::Null);
        let unserved = message.header("mcp-protocol-version", "2099-01-01");
        assert_eq!(client.send(method, &unserved).await.status, 400, "{method}");
    }
    // What the handshake settled counts more than a header that names another served version.
    let other = client
        .message(list)
        .header("mcp-protocol-version", "2025-06-18");
    let mut reply = client.send("POST", &other).await;
    assert_eq!(reply.status, 200);
    assert!(reply.json().await["result"]["tools"].is_array());
    let begin = message::json(initialize("2025-06-18", json!({})));
    let begin = begin.header("mcp-protocol-version", "2025-11-25");
    assert_eq!(send(&endpoint, "POST", &begin).await.status, 200);
}

// [VERH-1b]
#[tokio::test]
async fn a_request_without_a_header_and_a_session_is_of_2025_03_26() {
    let endpoint = endpoint();
    let ask = async |body| {
        let message = message::json(body);
        send(&endpoint, "POST", &message).await.json().await
    };
    let list = request(1, "tools/list", json!({}));
    let client = Client::new(&endpoint, "2025-03-26");
    let spoken = client.post(list.clone()).await.json().await;
    assert_eq!(ask(list).await, spoken);
    // No other revision has these.
    let answers = ask(json!([request(1, "ping", json!({}))])).await;
    assert_eq!(answers[0]["result"], json!({}));
    // With a session it is what was settled.
    let client = Client::connect(&endpoint, "2025-11-25", json!({})).await;
    let session = client.session_id();
    let call = json!({"name": "add", "arguments": {"a": 1, "b": 2}});
    let call = message::json(request(1, "tools/call", call));
    let answer = send(&endpoint, "POST", &call.header("mcp-session-id", session)).await;
    let answer = answer.messages().await.remove(0);
    assert_eq!(answer["result"]["structuredContent"]["result"], 3);
}

// [POST-1] [INIT-3]
#[tokio::test]
async fn what_needs_no_answer_is_accepted_without_a_body() {
    let endpoint = endpoint();
    for revision in ALL {
        let client = Client::connect(&endpoint, revision, json!({})).await;
        for body in [
            json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
            json!({"jsonrpc": "2.0", "method": "notifications/roots/list_changed"}),
            // Nobody waits for this any more.
            json!({"jsonrpc": "2.0", "id": "gone", "result": {}}),
        ] {
            let mut reply = client.post(body).await;
            assert_eq!((reply.status, reply.json().await), (202, Value::Null));
        }
        // Without a session nothing was asked.
        let stranger = Client::new(&endpoint, revision);
        let answer = json!({"jsonrpc": "2.0", "id": "gone", "result": {}});
        let mut reply = stranger.post(answer).await;
        assert_eq!(reply.status, 400);
        assert!(reply.json().await.get("id").is_none());
    }
}

// [T1-1]
#[tokio::test]
async fn tasks_are_not_declared_and_a_wish_for_one_changes_nothing() {
    let client = Client::connect(&endpoint(), "2025-11-25", json!({})).await;
    let params = json!({"name": "add", "arguments": {"a": 1, "b": 2}, "task": {"ttl": 60_000}});
    let result = client.ask("tools/call", params).await;
    assert_eq!(result["structuredContent"]["result"], 3, "{result}");
    assert!(result.get("task").is_none());
    let listed = client.ask("tools/list", json!({})).await;
    for tool in listed["tools"].as_array().unwrap() {
        assert!(tool.get("execution").is_none(), "{tool}");
    }
    for method in ["tasks/get", "tasks/result", "tasks/list", "tasks/cancel"] {
        let refused = client.ask(method, json!({"taskId": "1"})).await;
        assert_eq!(refused["error"]["code"], -32601, "{method}");
    }
}

/// The levels of the log messages in these.
fn levels(messages: &[Value]) -> Vec<&str> {
    messages
        .iter()
        .filter(|message| message["method"] == "notifications/message")
        .filter_map(|message| message["params"]["level"].as_str())
        .collect()
}

const LEVELS: [&str; 8] = [
    "debug",
    "info",
    "notice",
    "warning",
    "error",
    "critical",
    "alert",
    "emergency",
];

// [LLOG-1] [LLOG-1b]
#[tokio::test]
async fn a_client_hears_from_the_level_on_that_it_set() -> Result<()> {
    let log = || request(1, "tools/call", json!({"name": "log_all", "arguments": {}}));
    let endpoint = endpoint();
    for revision in ALL {
        let client = Client::connect(&endpoint, revision, json!({})).await;
        let other = Client::connect(&endpoint, revision, json!({})).await;
        let mut session = Session::start(env!("CARGO_BIN_EXE_legacy"))?;
        session
            .ask(&message::json(initialize(revision, json!({}))))
            .await?;
        let heard = client.post(log()).await.messages().await;
        assert_eq!(levels(&heard), LEVELS[1..], "until it says so: info");
        for (level, from) in [("error", 4), ("debug", 0)] {
            let set = request(2, "logging/setLevel", json!({"level": level}));
            let answer = client.post(set.clone()).await.json().await;
            assert_eq!(answer, json!({"jsonrpc": "2.0", "id": 2, "result": {}}));
            let heard = client.post(log()).await.messages().await;
            assert_eq!(levels(&heard), LEVELS[from..], "{revision}");
            let heard = other.post(log()).await.messages().await;
            assert_eq!(levels(&heard), LEVELS[1..], "another session");

            session.ask(&message::json(set)).await?;
            let heard = session.ask(&message::json(log())).await?;
            assert_eq!(levels(&heard), LEVELS[from..], "{revision} over stdio");
        }
        let refused = client
            .ask("logging/setLevel", json!({"level": "loud"}))
            .await;
        assert_eq!(refused["error"]["code"], -32602);
    }
    Ok(())
}

// [LSUB-1]
#[tokio::test]
async fn a_client_hears_of_the_resources_that_it_subscribed_to() -> Result<()> {
    let updated = json!({"jsonrpc": "2.0", "method": "notifications/resources/updated",
        "params": {"uri": "a://1"}});
    let endpoint = endpoint();
    for revision in ALL {
        let client = Client::connect(&endpoint, revision, json!({})).await;
        let mut changes = client.listen().await;
        let at = |uri: &str| json!({"uri": uri});
        assert_eq!(
            client.ask("resources/subscribe", at("a://1")).await,
            json!({})
        );
        for uri in ["a://2", "a://1"] {
            client.call("change", json!({"what": uri})).await;
        }
        assert_eq!(changes.next().await.unwrap(), updated, "{revision}");
        assert_eq!(
            client.ask("resources/unsubscribe", at("a://1")).await,
            json!({})
        );
        for what in ["a://1", "tools"] {
            client.call("change", json!({"what": what})).await;
        }
        let next = changes.next().await.unwrap();
        assert_eq!(next["method"], "notifications/tools/list_changed");
        let missing = client.ask("resources/subscribe", at("b://1")).await;
        assert_eq!(missing["error"]["code"], -32002);
        let nothing = client.ask("resources/subscribe", json!({})).await;
        assert_eq!(nothing["error"]["code"], -32602);
    }

    let mut session = Session::start(env!("CARGO_BIN_EXE_legacy"))?;
    session
        .ask(&message::json(initialize("2025-11-25", json!({}))))
        .await?;
    let subscribe = request(1, "resources/subscribe", json!({"uri": "a://1"}));
    session.ask(&message::json(subscribe)).await?;
    let change = json!({"name": "change", "arguments": {"what": "a://1"}});
    session
        .send(&message::json(request(2, "tools/call", change)))
        .await?;
    let both = [session.next().await?, session.next().await?];
    assert!(both.contains(&updated), "{both:?}");
    Ok(())
}

#[tokio::test]
async fn n_resources_are_subscribed_to_and_one_more_is_refused_until_one_is_given_up() {
    let mut limits = Limits::default();
    limits.subscribed_resources = 2;
    let server = builder(&Shared::default()).seal_with(keys()).limits(limits);
    let endpoint = local(&server.build().unwrap());
    let client = Client::connect(&endpoint, "2025-11-25", json!({})).await;
    let subscribe = async |uri: &str| client.ask("resources/subscribe", json!({"uri": uri})).await;
    // One that is subscribed to already counts once.
    for uri in ["a://1", "a://2", "a://2"] {
        assert_eq!(subscribe(uri).await, json!({}));
    }
    assert_eq!(subscribe("a://3").await["error"]["code"], -32603);
    let given_up = json!({"uri": "a://1"});
    assert_eq!(
        client.ask("resources/unsubscribe", given_up).await,
        json!({})
    );
    assert_eq!(subscribe("a://3").await, json!({}));
    // Without a session nobody would hear of it.
    let stranger = client.session(None);
    let refused = stranger
        .ask("resources/subscribe", json!({"uri": "a://1"}))
        .await;
    assert_eq!(refused["error"]["code"], -32600);
}

// [LLC-1]
#[tokio::test]
async fn over_standard_input_changes_of_lists_are_told_without_being_asked_for() -> Result<()> {
    for revision in ALL {
        let mut session = Session::start(env!("CARGO_BIN_EXE_legacy"))?;
        let begin = message::json(initialize(revision, json!({})));
        session.ask(&begin).await?;
        for list in ["tools", "prompts", "resources"] {
            let change = json!({"name": "change", "arguments": {"what": list}});
            let change = message::json(request(2, "tools/call", change));
            session.send(&change).await?;
            let both = [session.next().await?, session.next().await?];
            let method = format!("notifications/{list}/list_changed");
            let told = json!({"jsonrpc": "2.0", "method": method});
            assert!(both.contains(&told), "{both:?}");
        }
    }
    Ok(())
}

/// Does nothing.
#[tool]
fn idle() {}

/// A note.
#[resource("a://{number}")]
fn note(number: u8) -> String {
    format!("note {number}")
}

/// The first words.
#[prompt]
fn greeting() -> &'static str {
    "Hello!"
}

// [INIT-5]
#[tokio::test]
async fn lists_that_are_not_declared_to_change_are_not_told_of() {
    let server = Server::new(server_info!(), ())
        .tools(tools![idle])
        .resources(resources![note])
        .prompts(prompts![greeting]);
    let server = server.seal_with(keys()).build().unwrap();
    for revision in ALL {
        let client = Client::new(&local(&server), revision);
        let mut reply = client.post(initialize(revision, json!({}))).await;
        let declared = &reply.json().await["result"]["capabilities"];
        assert_eq!(declared["resources"], json!({"subscribe": true}));
        assert_eq!(
            (&declared["tools"], &declared["prompts"]),
            (&json!({}), &json!({}))
        );

        let client = client.initialize(json!({})).await;
        let mut changes = client.listen().await;
        client
            .ask("resources/subscribe", json!({"uri": "a://1"}))
            .await;
        let notifier = server.notifier();
        notifier.tools_changed();
        notifier.prompts_changed();
        notifier.resources_changed();
        notifier.resource_updated("a://2");
        notifier.resource_updated("a://1");
        client.without_body("DELETE").await;
        assert_eq!(changes.next().await.unwrap()["params"]["uri"], "a://1");
        assert!(changes.messages().await.is_empty());
    }
}
