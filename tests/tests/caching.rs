//! What results of 2026-07-28 say about how long they are good and for whom.

use mcp_core::http::Endpoint;
use mcp_core::{
    ResourceContents, Server, ServerBuilder, ServerInfo, prompt, prompts, resource, resources,
    tool, tools,
};
use mcp_tests::asking_server::{self, Runs};
use mcp_tests::endpoint_client::local;
use mcp_tests::rounds::{Call, accepted, keys};
use mcp_tests::tokens::Tokens;
use serde_json::{Value, json};

/// For everybody.
#[tool]
fn first() {}

/// For some.
#[tool(scopes("gold"))]
fn second() {}

/// For everybody.
#[tool]
fn third() {}

/// For everybody.
#[prompt]
fn one(#[arg(complete = nothing)] what: &str) -> String {
    what.to_owned()
}

/// For some.
#[prompt(scopes("gold"))]
fn two() -> &'static str {
    "two"
}

/// For everybody.
#[prompt]
fn three() -> &'static str {
    "three"
}

fn nothing(_: &str) -> Vec<&'static str> {
    Vec::new()
}

/// For everybody.
#[resource("a://1")]
fn fixed() -> &'static str {
    "fixed"
}

/// For some.
#[resource("a://2", scopes("gold"))]
fn hidden() -> &'static str {
    "hidden"
}

/// For everybody.
#[resource("a://3")]
fn bytes() -> ResourceContents {
    ResourceContents::binary([1])
}

/// For everybody.
#[resource("b://{number}")]
fn any(number: u8) -> u8 {
    number
}

/// For some.
#[resource("c://{number}", scopes("gold"))]
fn golden(number: u8) -> u8 {
    number
}

/// For everybody.
#[resource("d://{number}")]
fn other(number: u8) -> u8 {
    number
}

const LISTS: [(&str, &str); 4] = [
    ("tools/list", "tools"),
    ("prompts/list", "prompts"),
    ("resources/list", "resources"),
    ("resources/templates/list", "resourceTemplates"),
];

fn builder() -> ServerBuilder<()> {
    Server::new(ServerInfo::new("caching", "1"), ())
        .caller_source(Tokens)
        .anonymous()
        .seal_with(keys())
}

/// A server of which some see more than others.
fn mixed() -> ServerBuilder<()> {
    builder()
        .tools(tools![first, second, third])
        .prompts(prompts![one, two, three])
        .resources(resources![fixed, hidden, bytes])
        .resources(resources![any, golden, other])
}

/// A server that is the same for everybody.
fn open() -> ServerBuilder<()> {
    builder()
        .tools(tools![first, third])
        .prompts(prompts![one, three])
        .resources(resources![fixed, bytes, any, other])
}

/// A server that shows nothing to those who are not identified.
fn closed() -> ServerBuilder<()> {
    builder()
        .tools(tools![second])
        .prompts(prompts![two])
        .resources(resources![hidden, golden])
}

fn endpoint(server: ServerBuilder<()>) -> Endpoint {
    local(&server.build().unwrap())
}

async fn ask(endpoint: &Endpoint, method: &'static str, params: Value) -> Value {
    let call = Call::new(method, params).from_caller("ann gold");
    call.send(endpoint).await.result().clone()
}

/// Who may keep the result, which says that it may be kept at all.
fn scope(result: &Value) -> &str {
    assert_eq!(result["resultType"], "complete");
    assert!(result["ttlMs"].is_u64(), "{result}");
    let scope = result["cacheScope"].as_str().unwrap();
    assert!(["public", "private"].contains(&scope), "{result}");
    scope
}

fn says_nothing(result: &Value) {
    for key in ["ttlMs", "cacheScope"] {
        assert!(result.get(key).is_none(), "{result}");
    }
}

// [CACHE-1]
#[tokio::test]
async fn lists_and_what_is_read_say_how_long_they_are_good_and_for_whom() {
    for (server, expected) in [(mixed(), "private"), (open(), "public")] {
        let endpoint = endpoint(server);
        for (method, key) in LISTS {
            let list = ask(&endpoint, method, json!({})).await;
            assert!(!list[key].as_array().unwrap().is_empty());
            assert_eq!(scope(&list), expected, "{method}");
        }
        assert_eq!(
            scope(&ask(&endpoint, "server/discover", json!({})).await),
            "public"
        );
        for uri in ["a://1", "a://3", "b://1"] {
            // What a function computes may be another thing the next time.
            let read = ask(&endpoint, "resources/read", json!({"uri": uri})).await;
            assert_eq!((scope(&read), &read["ttlMs"]), ("private", &json!(0)));
        }
        for (method, params) in [
            ("tools/call", json!({"name": "first"})),
            (
                "prompts/get",
                json!({"name": "one", "arguments": {"what": "a"}}),
            ),
            (
                "completion/complete",
                json!({"ref": {"type": "ref/prompt", "name": "one"},
                       "argument": {"name": "what", "value": ""}}),
            ),
        ] {
            says_nothing(&ask(&endpoint, method, params).await);
        }
    }
}

// [CACHE-1] [DISC-3]
#[tokio::test]
async fn empty_lists_say_it_too() {
    let endpoint = endpoint(closed());
    for (method, key) in LISTS {
        let list = Call::new(method, json!({})).send(&endpoint).await;
        assert_eq!((list.status, &list.result()[key]), (200, &json!([])));
        assert_eq!(scope(list.result()), "private");
    }
}

// [CACHE-2]
#[tokio::test]
async fn all_pages_of_a_list_are_for_the_same_callers() {
    for (server, expected, entries) in [(mixed(), "private", 3), (open(), "public", 2)] {
        let endpoint = endpoint(server.page_size(1));
        for (method, key) in LISTS {
            let mut params = json!({});
            for page in 1..=entries {
                let list = ask(&endpoint, method, params).await;
                assert_eq!(list[key].as_array().unwrap().len(), 1);
                assert_eq!(scope(&list), expected, "{method}");
                assert_eq!(list.get("nextCursor").is_some(), page < entries);
                params = json!({"cursor": list["nextCursor"]});
            }
        }
    }
}

// [CACHE-1]
#[tokio::test]
async fn a_server_that_admits_not_everybody_has_nothing_for_shared_caches() {
    let server = Server::new(ServerInfo::new("caching", "1"), ());
    let endpoint = local(&server.tools(tools![first]).build().unwrap());
    for method in ["server/discover", "tools/list"] {
        let found = Call::new(method, json!({})).send(&endpoint).await;
        assert_eq!(scope(found.result()), "private");
    }
}

// [MRTR-10]
#[tokio::test]
async fn a_question_is_not_cached_and_the_answer_to_it_is_for_nobody_else() {
    let server = asking_server::builder(&Runs::default()).seal_with(keys());
    let endpoint = local(&server.build().unwrap());
    let read = Call::new("resources/read", json!({"uri": "orders://pears"}));
    let named = json!({"name": "letter", "arguments": {"item": "pears"}});
    let get = Call::new("prompts/get", named);
    let call = Call::tool("order", json!({"item": "pears"}));
    for (asks, is_cached) in [(read, true), (get, false), (call, false)] {
        let asked = asks.send(&endpoint).await;
        asked.questions();
        says_nothing(asked.result());
        let answers = json!({"amount": accepted(json!({"count": 3}))});
        let done = asks.resume(&endpoint, asked.state(), answers).await;
        if is_cached {
            let contents = &done.result()["contents"][0];
            assert_eq!(
                (&contents["uri"], &contents["text"]),
                (&json!("orders://pears"), &json!("3 pears"))
            );
            assert_eq!(
                (scope(done.result()), &done.result()["ttlMs"]),
                ("private", &json!(0))
            );
        } else {
            says_nothing(done.result());
        }
    }
}
