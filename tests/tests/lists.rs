//! `tools/list`, byte for byte, as every revision of the protocol has it and as callers with
//! different grants see it.
//!
//! The snapshots keep the order of keys: clients cache lists and hash them, so an order that
//! changes between two builds of one server would count as another list.

// The signatures are the subject, not what the bodies do with them.
#![allow(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    clippy::unused_async
)]

use std::future::poll_fn;

use http::Request;
use http_body_util::BodyExt as _;
use mcp_core::http::{Endpoint, Ingress};
use mcp_core::testing::Client;
use mcp_core::{Caller, Context, Error, Result, Server, ServerInfo, State, tool, tools};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_service::Service;

const LEGACY: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

struct Sales;

#[derive(State)]
struct App {
    sales: Sales,
}

/// What to look for.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(dead_code)] // only described
struct Filter {
    /// Free text.
    text: Option<String>,
    order_by: Order,
    /// At least so much, in cents.
    #[serde(default)]
    min_total: u64,
    tags: Vec<String>,
    place: Option<Place>,
}

/// How to sort.
#[derive(Clone, Copy, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    /// Newest first.
    #[default]
    NewestFirst,
    /// Oldest first.
    OldestFirst,
    Unsorted,
}

/// Where.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(dead_code)] // only described
enum Place {
    /// By its name.
    Named {
        /// The name.
        name: String,
    },
    /// By coordinates.
    At { latitude: f64, longitude: f64 },
}

/// One page.
#[derive(Serialize, JsonSchema)]
struct Page {
    /// The rows.
    rows: Vec<Row>,
    /// Where the next page starts, if there is one.
    next: Option<u32>,
}

#[derive(Serialize, JsonSchema)]
struct Row {
    id: u64,
    total: f64,
    order: Order,
    note: Option<String>,
}

/// Struct arguments and an object.
#[tool(title = "Find sales", read_only, open_world = false)]
async fn find(
    /// What to look for.
    filter: Filter,
    /// How many rows.
    #[arg(name = "pageSize", default = 20, range = 1..=100)]
    page_size: u16,
    sales: &Sales,
) -> Result<Page> {
    let _ = (filter, sales);
    Err(Error::new(format!("{page_size} rows")))
}

/// Text in many forms.
///
/// - a list,
/// - in two items.
#[tool]
fn texts(
    /// Required and bounded.
    #[arg(length = 1..=200)]
    query: &str,
    /// May be left out.
    language: Option<&str>,
    /// Has a default.
    #[arg(default = "a \"quoted\" \\ text")]
    quoted: &str,
    /// A list of them.
    #[arg(length = ..=3)]
    list: Vec<String>,
    undocumented: char,
) -> String {
    format!("{query}{language:?}{quoted}{list:?}{undocumented}")
}

/// Numbers of many widths.
#[tool(idempotent)]
fn numbers(
    byte: u8,
    #[arg(range = -5..)] small: i16,
    #[arg(default = -1, range = ..=9)] signed: i64,
    #[arg(range = 0.5..=1.5)] ratio: f32,
    maybe: Option<u64>,
    #[arg(default)] own_default: usize,
) -> f64 {
    let _ = (byte, small, signed, maybe, own_default);
    f64::from(ratio)
}

/// Choices with meanings.
#[tool]
fn choices(
    /// The order of the rows.
    order: Order,
    /// Another one.
    #[arg(default = Order::default())]
    second: Order,
    third: Option<Order>,
    /// Yes or no.
    #[arg(default = true)]
    flag: bool,
) -> Order {
    let _ = (second, third, flag);
    order
}

/// A list.
#[tool]
fn list(cx: &Context) -> Vec<Row> {
    let _ = cx;
    Vec::new()
}

/// Something or nothing.
#[tool]
fn maybe() -> Option<Page> {
    None
}

/// Nothing.
#[tool(
    name = "admin.reset-all",
    title = "Reset",
    destructive,
    read_only = false
)]
fn nothing(caller: &Caller) {
    let _ = caller;
}

/// Needs one grant.
#[tool(scopes("sales:read"))]
fn reads() -> &'static str {
    "read"
}

/// Needs two grants.
#[tool(scopes("sales:read", "sales:write"), blocking, timeout = "2m")]
fn writes() -> std::result::Result<u8, std::io::Error> {
    Ok(1)
}

fn server() -> Server {
    Server::new(ServerInfo::new("lists", "1.2.3"), App { sales: Sales })
        .tools(tools![
            find, texts, numbers, choices, list, maybe, nothing, reads, writes
        ])
        .protocol_names()
        .build()
        .unwrap()
}

/// The answer in the newest revision, without a transport.
async fn modern(server: &Server, caller: Option<Caller>) -> String {
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    }}});
    let mut client = Client::new(server);
    if let Some(caller) = caller {
        client = client.as_caller(caller);
    }
    String::from_utf8(client.send_raw(&message.to_string()).await).unwrap()
}

/// The answer in an older revision, over HTTP on this machine: its user holds every scope.
async fn legacy(server: &Server, revision: &str) -> String {
    let mut endpoint = Endpoint::new(server.clone(), Ingress::Loopback).unwrap();
    let request = Request::post("/mcp")
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", revision)
        .body(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#.to_owned())
        .unwrap();
    poll_fn(|cx| Service::<Request<String>>::poll_ready(&mut endpoint, cx))
        .await
        .unwrap();
    let response = endpoint.call(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.unwrap();
    String::from_utf8(body.to_bytes().to_vec()).unwrap()
}

/// JSON with line breaks and indentation, its keys in the order in which they were sent.
fn pretty(json: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    let mut in_text = false;
    let mut escaped = false;
    let mut previous = ' ';
    for c in json.chars() {
        let empty = matches!((previous, c), ('{', '}') | ('[', ']'));
        if !in_text && matches!(c, '}' | ']') {
            depth -= 1;
        }
        let closes = !in_text && matches!(c, '}' | ']') && !empty;
        let follows_opening = !in_text && matches!(previous, '{' | '[') && !empty;
        let follows_comma = !in_text && previous == ',';
        if closes || follows_opening || follows_comma {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        }
        out.push(c);
        if !in_text {
            match c {
                '{' | '[' => depth += 1,
                ':' => out.push(' '),
                _ => {}
            }
        }
        if c == '"' && !escaped {
            in_text = !in_text;
        }
        escaped = in_text && c == '\\' && !escaped;
        // What ends a text is no punctuation, whatever the text ends with.
        previous = if in_text { '"' } else { c };
    }
    out
}

// [TOOL-2] [TOOL-6]
#[tokio::test]
async fn the_newest_revision() {
    let everything = Caller::local("me");
    insta::assert_snapshot!(
        "2026-07-28",
        pretty(&modern(&server(), Some(everything)).await)
    );
}

// [TOOL-2] [TOOL-6] [LEG-1b]
#[tokio::test]
async fn older_revisions() {
    for revision in LEGACY {
        insta::assert_snapshot!(revision, pretty(&legacy(&server(), revision).await));
    }
}

/// The names that a caller sees.
async fn names(caller: Option<Caller>) -> Vec<String> {
    let answer: serde_json::Value = serde_json::from_str(&modern(&server(), caller).await).unwrap();
    let tools = answer["result"]["tools"].as_array().unwrap();
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect()
}

// [TOOL-4] [TOOL-14b]
#[tokio::test]
async fn callers_see_what_they_may_call_in_the_order_of_registration() {
    let open = [
        "find",
        "texts",
        "numbers",
        "choices",
        "list",
        "maybe",
        "admin.reset-all",
    ];
    assert_eq!(names(None).await, open);
    let ann = Caller::for_tests("ann");
    assert_eq!(names(Some(ann.clone())).await, open);
    let writer = ann.clone().with_scopes(["sales:write"]);
    assert_eq!(names(Some(writer)).await, open);
    let reader = ann.clone().with_scopes(["sales:read"]);
    assert_eq!(names(Some(reader)).await, [&open[..], &["reads"]].concat());
    let both = ann.with_scopes(["sales:write", "sales:read"]);
    let all = [&open[..], &["reads", "writes"]].concat();
    assert_eq!(names(Some(both)).await, all);
}

/// Two servers that were built the same way send the same bytes, and one server always does.
// [TOOL-4]
#[tokio::test]
async fn the_bytes_are_the_same_in_every_build() {
    let (first, second) = (server(), server());
    for caller in [None, Some(Caller::local("me"))] {
        let expected = modern(&first, caller.clone()).await;
        assert_eq!(modern(&first, caller.clone()).await, expected);
        assert_eq!(modern(&second, caller).await, expected);
    }
    for revision in LEGACY {
        let expected = legacy(&first, revision).await;
        assert_eq!(legacy(&first, revision).await, expected);
        assert_eq!(legacy(&second, revision).await, expected);
    }
}

/// The snapshots say what was sent.
#[tokio::test]
async fn the_layout_of_the_snapshots_changes_white_space_only() {
    let sent = modern(&server(), None).await;
    let parse = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
    assert_eq!(parse(&pretty(&sent)), parse(&sent));
    assert_eq!(
        pretty(r#"{"a":[],"b":{"c":"{\"[,"}}"#),
        "{\n  \"a\": [],\n  \"b\": {\n    \"c\": \"{\\\"[,\"\n  }\n}"
    );
}
