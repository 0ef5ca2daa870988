//! What requests of 2026-07-28 have to say about themselves, what results say about themselves in every
//! revision, and what a server says about itself.

use std::collections::BTreeSet;

use mcp_core::http::Endpoint;
use mcp_core::testing::Client;
use mcp_core::{
    Error, Icon, Result, Server, ServerInfo, prompt, prompts, resource, resources, server_info,
    tool, tools,
};
use mcp_tests::asker::{Asker, LEGACY, MODERN, REVISIONS};
use mcp_tests::asking_server::{self, Runs};
use mcp_tests::endpoint_client::{self, local};
use mcp_tests::message::{self, Message, modern};
use mcp_tests::rounds::{Call, keys, post};
use serde_json::{Value, json};

/// Doubles a number.
#[tool(title = "Double", icons("https://example.com/double.png"))]
fn double(number: u32) -> u32 {
    number * 2
}

/// Fails.
#[tool]
fn fails() -> Result<()> {
    Err(Error::new("as it was told"))
}

/// Greets.
#[prompt(title = "Greet")]
fn greet(#[arg(complete = names)] name: &str) -> String {
    format!("Hello, {name}!")
}

fn names(typed: &str) -> Vec<&'static str> {
    ["ann", "bob"]
        .into_iter()
        .filter(|name| name.starts_with(typed))
        .collect()
}

/// A note.
#[resource("notes://1")]
fn note() -> &'static str {
    "one"
}

/// Any note.
#[resource("notes://any/{number}")]
fn any_note(number: u32) -> u32 {
    number
}

/// For some.
#[tool(scopes("gold"))]
fn golden_tool() {}

/// For some.
#[prompt(scopes("gold"))]
fn golden_prompt() -> &'static str {
    "gold"
}

/// For some.
#[resource("gold://1", scopes("gold"))]
fn golden() -> &'static str {
    "gold"
}

/// For some.
#[resource("gold://{number}", scopes("gold"))]
fn any_gold(number: u32) -> u32 {
    number
}

fn info() -> ServerInfo {
    ServerInfo::new("museum", "1.2.3")
        .title("The museum")
        .description("Shows what was.")
        .website("https://example.com/museum")
        .icon(Icon::new("https://example.com/museum.png"))
}

/// A server with all kinds of things, none of which asks.
fn museum() -> Server {
    let server = Server::new(info(), ())
        .instructions("Look around.")
        .tools(tools![double, fails])
        .prompts(prompts![greet])
        .resources(resources![note, any_note])
        .list_changes()
        .seal_with(keys());
    server.build().unwrap()
}

/// A request of every method that has a result, for the server above.
fn requests() -> Vec<(&'static str, Value)> {
    let complete = json!({"ref": {"type": "ref/prompt", "name": "greet"},
                          "argument": {"name": "name", "value": "a"}});
    vec![
        ("tools/list", json!({})),
        (
            "tools/call",
            json!({"name": "double", "arguments": {"number": 2}}),
        ),
        ("tools/call", json!({"name": "fails"})),
        ("prompts/list", json!({})),
        (
            "prompts/get",
            json!({"name": "greet", "arguments": {"name": "ann"}}),
        ),
        ("resources/list", json!({})),
        ("resources/templates/list", json!({})),
        ("resources/read", json!({"uri": "notes://1"})),
        ("resources/read", json!({"uri": "notes://any/2"})),
        ("completion/complete", complete),
    ]
}

/// What a subscription is told until the server ends it, and the end.
async fn subscription(server: &Server) -> Vec<Value> {
    let wanted = json!({"toolsListChanged": true, "resourceSubscriptions": ["notes://1"]});
    let listen = modern("subscriptions/listen", json!({"notifications": wanted}));
    let client = Client::new(server);
    let line = listen.line();
    let tell = async {
        server.notifier().tools_changed();
        server.notifier().resource_updated("notes://1");
        server.end_subscriptions();
    };
    // The subscription stands after its first poll, which comes first.
    let (messages, ()) = tokio::join!(biased; client.send(&line), tell);
    assert_eq!(messages.len(), 5, "{messages:?}");
    messages
}

fn initialize(revision: &str) -> Value {
    json!({"protocolVersion": revision, "capabilities": {},
           "clientInfo": {"name": "test", "version": "1"}})
}

// [META-1] [ERA-3]
#[tokio::test]
async fn a_request_says_its_version_and_what_its_client_can_be_asked() {
    const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
    const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
    let server = museum();
    let endpoint = local(&server);
    let whole = json!({VERSION: MODERN, CAPABILITIES: {}});
    let with = |key: &str, value: Value| {
        let mut meta = whole.clone();
        meta[key] = value;
        json!({"_meta": meta})
    };
    let without = |key: &str| {
        let mut meta = whole.clone();
        meta.as_object_mut().unwrap().remove(key);
        json!({"_meta": meta})
    };
    let wrong = [
        Value::Null,
        json!({}),
        json!({"_meta": {}}),
        json!({"_meta": {"progressToken": 1}}),
        json!({"_meta": null}),
        json!({"_meta": []}),
        json!([]),
        without(VERSION),
        without(CAPABILITIES),
        with(VERSION, json!(1)),
        with(VERSION, Value::Null),
        with(VERSION, json!([MODERN])),
        with(CAPABILITIES, json!([])),
        with(CAPABILITIES, Value::Null),
        with(CAPABILITIES, json!("x")),
        with(CAPABILITIES, json!(true)),
    ];
    let send = async |method: &str, params: &Value| {
        let mut body = json!({"jsonrpc": "2.0", "id": "a", "method": method, "params": params});
        if params.is_null() {
            body.as_object_mut().unwrap().remove("params");
        }
        let message = message::json(body)
            .header("mcp-protocol-version", MODERN)
            .header("mcp-method", method);
        let reply = post(&endpoint, &message).await;
        let answers = Client::new(&server).send(&message.line()).await;
        assert_eq!(answers[0]["id"], "a");
        assert_eq!(answers[0]["error"]["code"], reply.body["error"]["code"]);
        reply
    };
    for method in ["tools/list", "server/discover", "tools/call", "no/such"] {
        for params in &wrong {
            let refused = send(method, params).await;
            assert_eq!(refused.refusal(), (400, -32602), "{method} {params}");
            assert_eq!(refused.body["id"], "a");
        }
    }
    let complete = send("tools/list", &json!({"_meta": whole})).await;
    assert_eq!(complete.status, 200);
}

/// All `_meta` in a message, however deep.
fn metas<'v>(tree: &'v Value, found: &mut Vec<&'v Value>) {
    match tree {
        Value::Object(map) => {
            found.extend(map.get("_meta"));
            map.values().for_each(|value| metas(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| metas(value, found)),
        _ => {}
    }
}

/// Whether a key of `_meta` follows the grammar, and what it claims is the protocol's.
fn is_key(key: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_alphanumeric();
    let is_label = |label: &str| {
        label.starts_with(|c: char| c.is_ascii_alphabetic())
            && label.ends_with(alphanumeric)
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let (prefix, name) = key.rsplit_once('/').unwrap_or(("", key));
    let is_name = name.starts_with(alphanumeric)
        && name.ends_with(alphanumeric)
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let reserved = prefix
        .split('.')
        .any(|label| ["modelcontextprotocol", "mcp"].contains(&label));
    let is_the_protocols = [
        "io.modelcontextprotocol/serverInfo",
        "io.modelcontextprotocol/subscriptionId",
    ];
    (prefix.is_empty() || prefix.split('.').all(is_label))
        && is_name
        && (!reserved || is_the_protocols.contains(&key))
}

// [META-3] [RES-3]
#[tokio::test]
async fn the_keys_of_meta_follow_the_grammar_and_claim_nothing() {
    assert!(is_key("progressToken") && is_key("com.example/a_b"));
    assert!(!is_key("io.modelcontextprotocol/other") && !is_key("1a/b") && !is_key("a/-b"));
    let server = museum();
    let asker = Asker::new(&server);
    let mut messages = subscription(&server).await;
    for revision in [MODERN, "2025-11-25", "2025-06-18"] {
        for (method, params) in requests() {
            messages.push(asker.ask(revision, method, params).await);
        }
    }
    messages.push(asker.ask(MODERN, "server/discover", json!({})).await);
    let mut found = Vec::new();
    for message in &messages {
        metas(message, &mut found);
    }
    let keys: BTreeSet<&String> = found
        .iter()
        .flat_map(|meta| meta.as_object().unwrap().keys())
        .collect();
    assert!(keys.iter().all(|key| is_key(key)), "{keys:?}");
    assert_eq!(keys.len(), 2, "{keys:?}");
}

// [META-4] [RPC-7] [META-2] [EXT-1]
#[tokio::test]
async fn what_the_server_does_not_know_changes_nothing() {
    let server = museum();
    let asker = Asker::new(&server);
    let endpoint = local(&server);
    for (method, params) in requests() {
        let plain = Call::new(method, params.clone()).able(json!({})).message();
        let expected = post(&endpoint, &plain).await;
        for value in [json!(null), json!(1), json!([]), json!({"a": {}})] {
            let extended = plain
                .clone()
                .meta("io.modelcontextprotocol/future", value.clone())
                .meta("io.modelcontextprotocol/clientInfo", value)
                .meta("dev.mcp/x", true)
                .meta("com.example/k", json!({}));
            let reply = post(&endpoint, &extended).await;
            assert_eq!(
                (reply.status, &reply.body),
                (200, &expected.body),
                "{method}"
            );
        }
        let extensions = json!({"io.modelcontextprotocol/tasks": {}, "com.example/x": {}});
        let further = Call::new(method, params.clone())
            .with(json!({"z": 1, "task": {"ttl": 60_000}}))
            .able(
                json!({"roots": {"listChanged": true}, "x": 1, "extensions": extensions,
                         "elicitation": {"form": {}, "y": []}}),
            );
        let reply = further.send(&endpoint).await;
        assert_eq!(
            (reply.status, &reply.body),
            (200, &expected.body),
            "{method}"
        );

        for revision in LEGACY {
            let expected = asker.ask(revision, method, params.clone()).await;
            let mut extended = params.clone();
            extended["z"] = json!(1);
            extended["_meta"] = json!({"io.modelcontextprotocol/future": 1, "dev.mcp/x": true});
            assert_eq!(asker.ask(revision, method, extended).await, expected);
        }
    }
    for revision in LEGACY {
        let mut params = initialize(revision);
        params["clientInfo"]["x"] = json!([]);
        params["capabilities"] = json!({"x": 1, "roots": {"y": 2}, "experimental": {"z": {}}});
        let begun = asker.ask(revision, "initialize", params).await;
        assert_eq!(begun["protocolVersion"], revision);
    }
}

// [RES-1]
#[tokio::test]
async fn every_result_of_2026_07_28_says_that_it_is_complete_or_needs_input() {
    let server = museum();
    let asker = Asker::new(&server);
    for (method, params) in requests() {
        let result = asker.ask(MODERN, method, params).await;
        assert_eq!(result["resultType"], "complete", "{method}");
    }
    let discovered = asker.ask(MODERN, "server/discover", json!({})).await;
    assert_eq!(discovered["resultType"], "complete");
    let told = subscription(&server).await;
    assert_eq!(told.last().unwrap()["result"]["resultType"], "complete");
    let desk = asking_server::builder(&Runs::default()).seal_with(keys());
    let question = Call::tool("joke", json!({}))
        .send(&local(&desk.build().unwrap()))
        .await;
    assert_eq!(question.result()["resultType"], "input_required");
}

// [RES-4] [RES-1]
#[tokio::test]
async fn three_methods_ask_and_no_other_does() {
    let server = asking_server::builder(&Runs::default()).page_size(1);
    let endpoint = local(&server.seal_with(keys()).build().unwrap());
    let mut asking = Vec::new();
    for (method, params) in [
        ("server/discover", json!({})),
        ("tools/list", json!({})),
        (
            "tools/call",
            json!({"name": "order", "arguments": {"item": "a"}}),
        ),
        ("prompts/list", json!({})),
        (
            "prompts/get",
            json!({"name": "letter", "arguments": {"item": "a"}}),
        ),
        ("resources/list", json!({})),
        ("resources/templates/list", json!({})),
        ("resources/read", json!({"uri": "orders://a"})),
    ] {
        let reply = Call::new(method, params).send(&endpoint).await;
        match reply.result()["resultType"].as_str() {
            Some("complete") => {}
            Some("input_required") => asking.push(method),
            other => panic!("{method}: {other:?}"),
        }
    }
    assert_eq!(asking, ["tools/call", "prompts/get", "resources/read"]);
}

// [RES-2] [PING-1]
#[tokio::test]
async fn results_of_older_revisions_have_nothing_of_2026_07_28() {
    let server = museum();
    let asker = Asker::new(&server);
    let endpoint = local(&server);
    for revision in LEGACY {
        let bare = |method: &'static str, params: Value| {
            let asker = asker.clone();
            async move { asker.raw(revision, method, params).await }
        };
        let empty = r#"{"jsonrpc":"2.0","id":7,"result":{}}"#;
        assert_eq!(bare("ping", json!({})).await, empty);
        assert_eq!(
            bare("logging/setLevel", json!({"level": "error"})).await,
            empty
        );
        let client = endpoint_client::Client::connect(&endpoint, revision, json!({})).await;
        for method in ["resources/subscribe", "resources/unsubscribe"] {
            let params = json!({"uri": "notes://1"});
            assert_eq!(client.ask(method, params).await, json!({}), "{revision}");
        }
        let begun = ("initialize", initialize(revision));
        for (method, params) in requests().into_iter().chain([begun]) {
            let result = asker.ask(revision, method, params).await;
            assert!(
                result.get("error").is_none(),
                "{revision} {method}: {result}"
            );
            for key in ["resultType", "ttlMs", "cacheScope", "_meta"] {
                assert!(result.get(key).is_none(), "{revision} {method}: {result}");
            }
        }
    }
}

// [IMPL-1] [DISC-2]
#[tokio::test]
async fn a_server_names_itself_with_what_the_revision_knows_of() {
    let asker = Asker::new(&museum());
    let mut expected = json!({"name": "museum", "version": "1.2.3"});
    for revision in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        if revision == "2025-06-18" {
            expected["title"] = json!("The museum");
        }
        if revision == "2025-11-25" {
            expected["description"] = json!("Shows what was.");
            expected["websiteUrl"] = json!("https://example.com/museum");
            expected["icons"] = json!([{"src": "https://example.com/museum.png"}]);
        }
        let begun = asker
            .ask(revision, "initialize", initialize(revision))
            .await;
        assert_eq!(begun["serverInfo"], expected, "{revision}");
        assert_eq!(begun["instructions"], "Look around.");
    }
    let mut discovered = asker.ask(MODERN, "server/discover", json!({})).await;
    let capabilities = discovered["capabilities"].take();
    assert!(capabilities["tools"].is_object() && capabilities["completions"].is_object());
    assert_eq!(
        discovered,
        json!({
            "resultType": "complete",
            "supportedVersions": REVISIONS,
            "capabilities": null,
            "instructions": "Look around.",
            "ttlMs": 0,
            "cacheScope": "private",
            "_meta": {"io.modelcontextprotocol/serverInfo": expected},
        })
    );
}

// [DISC-1] [DISC-2] [VER-1]
#[tokio::test]
async fn discovery_is_answered_on_every_host_and_agrees_with_the_error_for_a_version() {
    let server = museum();
    let discover = || modern("server/discover", json!({}));
    let over_http = post(&local(&server), &discover()).await;
    assert_eq!(over_http.status, 200);
    let on_a_line = Client::new(&server).send(&discover().line()).await;
    assert_eq!(on_a_line, std::slice::from_ref(&over_http.body));
    // As a function on Lambda answers: in one piece, so that nobody is told of changes.
    let buffered = post(&local(&server).buffered(), &discover()).await;
    let capabilities = |reply: &Value| reply["result"]["capabilities"].clone();
    assert_eq!(
        capabilities(&over_http.body)["tools"],
        json!({"listChanged": true})
    );
    assert_eq!(capabilities(&buffered.body)["tools"], json!({}));
    let versions = &over_http.result()["supportedVersions"];
    assert_eq!(buffered.result()["supportedVersions"], *versions);

    let unknown = discover()
        .meta("io.modelcontextprotocol/protocolVersion", "2099-01-01")
        .header("mcp-protocol-version", "2099-01-01");
    let refused = post(&local(&server), &unknown).await;
    assert_eq!(refused.refusal(), (400, -32022));
    assert_eq!(refused.body["error"]["data"]["supported"], *versions);
}

// [DISC-3]
#[tokio::test]
async fn a_list_of_what_the_caller_may_not_see_is_empty_in_every_revision() {
    let server = Server::new(server_info!(), ())
        .tools(tools![golden_tool])
        .prompts(prompts![golden_prompt])
        .resources(resources![golden, any_gold]);
    let asker = Asker::named(&server.build().unwrap(), "ann", []);
    for revision in REVISIONS {
        for (method, key) in [
            ("tools/list", "tools"),
            ("prompts/list", "prompts"),
            ("resources/list", "resources"),
            ("resources/templates/list", "resourceTemplates"),
        ] {
            let list = asker.ask(revision, method, json!({})).await;
            assert_eq!(list[key], json!([]), "{revision} {method}: {list}");
        }
    }
}

/// The statuses and codes of a request in every revision, over HTTP.
async fn refusals(endpoint: &Endpoint, method: &'static str, params: &Value) -> [(u16, i64); 5] {
    let mut found = [(0, 0); 5];
    for (revision, found) in REVISIONS.into_iter().zip(&mut found) {
        let message = if revision == MODERN {
            modern(method, params.clone())
        } else {
            message::legacy(revision, method, params.clone())
        };
        *found = post(endpoint, &message).await.refusal();
    }
    found
}

const UNKNOWN: [(u16, i64); 5] = [
    (404, -32601),
    (200, -32601),
    (200, -32601),
    (200, -32601),
    (200, -32601),
];

// [DISC-3b] [TOOL-1]
#[tokio::test]
async fn a_method_of_what_the_server_does_not_declare_is_unknown() {
    let tools_only = Server::new(server_info!(), ()).tools(tools![double]);
    let no_tools = Server::new(server_info!(), ()).prompts(prompts![golden_prompt]);
    let nothing = Server::new(server_info!(), ());
    let tools_only = local(&tools_only.build().unwrap());
    let no_tools = local(&no_tools.build().unwrap());
    let nothing = local(&nothing.build().unwrap());
    for (method, params) in requests() {
        if method.starts_with("tools/") {
            assert_eq!(refusals(&no_tools, method, &params).await, UNKNOWN);
        } else {
            assert_eq!(refusals(&tools_only, method, &params).await, UNKNOWN);
        }
        assert_eq!(refusals(&nothing, method, &params).await, UNKNOWN);
    }
    for (method, params) in [
        ("resources/subscribe", json!({"uri": "notes://1"})),
        ("resources/unsubscribe", json!({"uri": "notes://1"})),
        ("no/such", json!({})),
        ("", json!({})),
    ] {
        assert_eq!(
            refusals(&tools_only, method, &params).await,
            UNKNOWN,
            "{method}"
        );
    }
    let level = json!({"level": "error"});
    assert_eq!(
        refusals(&nothing, "logging/setLevel", &level).await,
        UNKNOWN
    );
}

// [ERA-4]
#[tokio::test]
async fn methods_of_one_era_are_unknown_in_the_other() {
    let server = museum();
    let endpoint = local(&server);
    for (method, params) in [
        ("initialize", initialize(MODERN)),
        ("ping", json!({})),
        ("logging/setLevel", json!({"level": "error"})),
        ("resources/subscribe", json!({"uri": "notes://1"})),
        ("resources/unsubscribe", json!({"uri": "notes://1"})),
        ("roots/list", json!({})),
        ("tasks/get", json!({"taskId": "1"})),
        ("tasks/result", json!({"taskId": "1"})),
        ("tasks/list", json!({})),
        ("tasks/cancel", json!({"taskId": "1"})),
    ] {
        let message: Message = modern(method, params);
        let refused = post(&endpoint, &message).await;
        assert_eq!(refused.refusal(), (404, -32601), "{method}");
        let unknown = json!({"reason": "unknown-method"});
        assert_eq!(refused.body["error"]["data"], unknown);
        let answers = Client::new(&server).send(&message.line()).await;
        assert_eq!(answers, [refused.body]);
    }
    let asker = Asker::new(&server);
    for revision in LEGACY {
        for (method, params) in [
            ("server/discover", json!({})),
            ("subscriptions/listen", json!({"notifications": {}})),
        ] {
            assert_eq!(
                asker.code(revision, method, params).await,
                -32601,
                "{revision}"
            );
        }
    }
}
