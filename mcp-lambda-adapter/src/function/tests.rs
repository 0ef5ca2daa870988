//! Every event in `fixtures` and the exact reply to it.
//!
//! A fixture holds `settings` as environment variables, parts of the `context` of the invocation, the
//! `event` and the `reply`. A streamed reply stands there as its prelude and its body.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use futures_core::Stream as _;
use lambda_runtime::{Context, FunctionResponse, LambdaEvent};
use mcp_core::{Caller, Context as Cx, Progress, Provenance, Server, server_info, tool, tools};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Function, SystemTime};
use crate::reply::Reply;
use crate::settings::{Chosen, Settings};

/// Adds two numbers and some.
#[tool]
fn add(
    /// First summand.
    a: i64,
    /// Second summand.
    b: i64,
    /// Whether to add one.
    #[arg(default = false)]
    more: bool,
    /// Others.
    others: Option<Vec<i64>>,
) -> Sum {
    let sum = a + b + i64::from(more) + others.unwrap_or_default().iter().sum::<i64>();
    Sum { sum }
}

/// A sum.
#[derive(serde::Serialize, schemars::JsonSchema)]
struct Sum {
    /// What it comes to.
    sum: i64,
}

/// Tells who asks.
#[tool]
fn whoami(who: Option<&Caller>) -> String {
    let Some(who) = who else {
        return "nobody".to_owned();
    };
    let held = ["sales:read", "sales:write"].map(|scope| who.has_scope(scope));
    format!(
        "{} by {:?}, scopes {held:?}, admin {}, tenant {:?}",
        who.subject(),
        who.provenance(),
        who.in_group("admins"),
        who.tenant(),
    )
}

/// Only for some.
#[tool(scopes("sales:read"))]
fn sales() -> &'static str {
    "7"
}

/// Says something before its result.
#[tool]
fn speaks(cx: &Cx) -> &'static str {
    cx.progress(Progress::new(1).of(2));
    "done"
}

/// Says `"` as often as asked.
#[tool]
fn large(
    /// How often.
    bytes: usize,
) -> String {
    "\"".repeat(bytes)
}

/// Never ends.
#[tool]
async fn hangs() -> String {
    std::future::pending().await
}

/// Panics.
#[tool]
fn panics() -> String {
    panic!("as asked")
}

/// Says something, waits and panics.
#[tool]
async fn speaks_and_panics(cx: &Cx) -> &'static str {
    cx.progress(Progress::new(1));
    tokio::time::sleep(Duration::from_millis(1)).await;
    panic!("as asked")
}

struct Tokens;

impl mcp_core::http::CallerSource for Tokens {
    fn identify<'r>(
        &'r self,
        request: &'r http::request::Parts,
    ) -> std::pin::Pin<
        Box<dyn Future<Output = Result<Option<Caller>, mcp_core::http::Unidentified>> + Send + 'r>,
    > {
        let token = request.headers.get("authorization");
        let token = token.and_then(|token| token.to_str().ok());
        let caller = match token.map(|token| token.strip_prefix("Bearer ")) {
            None => Ok(None),
            Some(Some(subject)) => Ok(Some(Caller::new(subject, Provenance::Custom))),
            Some(None) => Err(mcp_core::http::Unidentified::Invalid),
        };
        Box::pin(std::future::ready(caller))
    }
}

fn function(settings: &BTreeMap<String, String>) -> Function {
    let mut limits = mcp_core::Limits::default();
    limits.result_bytes = 16 * 1024 * 1024;
    limits.result_tokens = u32::MAX;
    let server = Server::new(server_info!(), ())
        .limits(limits)
        .caller_source(Tokens)
        .list_changes()
        .tools(tools![add, whoami, sales, speaks, large, hangs, panics])
        .tools(tools![speaks_and_panics]);
    let server = if settings.contains_key("anonymous") {
        server.anonymous()
    } else {
        server
    };
    let mut chosen = Chosen::default();
    if let Some(scopes) = settings.get("gateway scopes") {
        let scopes = scopes.split(' ').map(Into::into).collect();
        chosen.scopes.push((crate::Door::Gateway, scopes));
    }
    let read = |name: &str| Ok(settings.get(name).cloned());
    let settings = Settings::with(chosen, read).unwrap();
    Function::new(server.build().unwrap(), settings).unwrap()
}

#[derive(Deserialize)]
struct Fixture {
    #[serde(default)]
    settings: BTreeMap<String, String>,
    #[serde(default)]
    context: BTreeMap<String, Value>,
    event: Value,
    #[serde(default)]
    reply: Value,
}

fn context(parts: &BTreeMap<String, Value>) -> Context {
    let mut context = Context::default();
    if let Some(client) = parts.get("client_context") {
        context.client_context = Some(serde_json::from_value(client.clone()).unwrap());
    }
    if let Some(identity) = parts.get("identity") {
        context.identity = Some(serde_json::from_value(identity.clone()).unwrap());
    }
    context.tenant_id = parts
        .get("tenant_id")
        .and_then(Value::as_str)
        .map(str::to_owned);
    if let Some(left) = parts.get("milliseconds_left").and_then(Value::as_u64) {
        let deadline = SystemTime::now() + Duration::from_millis(left);
        let deadline = deadline.duration_since(UNIX_EPOCH).unwrap();
        context.deadline = u64::try_from(deadline.as_millis()).unwrap();
    }
    context
}

/// A reply as JSON, read back from what leaves the function.
async fn as_json(reply: Reply) -> Value {
    match reply {
        FunctionResponse::BufferedResponse(buffered) => {
            serde_json::from_slice(&serde_json::to_vec(&buffered).unwrap()).unwrap()
        }
        FunctionResponse::StreamingResponse(mut streamed) => {
            let mut body = Vec::new();
            let next = |stream: &mut crate::reply::Streamed, cx: &mut std::task::Context<'_>| {
                std::pin::Pin::new(stream).poll_next(cx)
            };
            while let Some(Ok(chunk)) =
                std::future::poll_fn(|cx| next(&mut streamed.stream, cx)).await
            {
                body.extend_from_slice(&chunk);
            }
            json!({
                "prelude": serde_json::to_value(&streamed.metadata_prelude).unwrap(),
                "body": String::from_utf8(body).unwrap(),
            })
        }
    }
}

async fn answer(function: &Function, fixture: &Fixture) -> Value {
    let payload = serde_json::value::to_raw_value(&fixture.event).unwrap();
    let event = LambdaEvent::new(payload, context(&fixture.context));
    match function.answer(event).await {
        Ok(reply) => as_json(reply).await,
        Err(unknown) => json!({"function error": unknown.to_string()}),
    }
}

/// The same reply with zeros for the id of an error in the log.
fn without_ids(reply: &Value) -> Value {
    let mut text = reply.to_string();
    let marks: Vec<usize> = text
        .match_indices("log has it as error ")
        .map(|(at, mark)| at + mark.len())
        .collect();
    for at in marks {
        text.replace_range(at..at + 16, &"0".repeat(16));
    }
    serde_json::from_str(&text).unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_fixture_gets_exactly_its_reply() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let fixture: Fixture = serde_json::from_str(&text).expect(&text);
        let reply = answer(&function(&fixture.settings), &fixture).await;
        count += 1;
        let reply = without_ids(&reply);
        if reply != fixture.reply {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            wrong.push(format!("{name} got\n{reply:#}"));
        }
    }
    assert!(count >= 135, "{count} fixtures");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What leaves the function for so many quotation marks, as bytes, or `None` for an error.
async fn size(function: &Function, event: &Value, bytes: usize) -> Option<usize> {
    let call = json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "large", "arguments": {"bytes": bytes}},
    });
    let mut event = event.clone();
    event["body"] = call.to_string().into();
    let payload = serde_json::value::to_raw_value(&event).unwrap();
    let event = LambdaEvent::new(payload, Context::default());
    let Ok(FunctionResponse::BufferedResponse(reply)) = function.answer(event).await else {
        return None;
    };
    let reply = serde_json::to_vec(&reply).unwrap();
    let is_error = String::from_utf8_lossy(&reply).contains("isError");
    (!is_error).then_some(reply.len())
}

#[tokio::test]
async fn the_largest_reply_that_leaves_is_within_the_limit_and_close_to_it() {
    const LIMIT: usize = 20_000;
    let settings = BTreeMap::from([("MCP_MAX_REPLY_BYTES".to_owned(), LIMIT.to_string())]);
    for fixture in [
        include_str!("../../fixtures/v1_call.json"),
        include_str!("../../fixtures/v2_call.json"),
        include_str!("../../fixtures/alb_call.json"),
    ] {
        let function = function(&settings);
        let fixture: Value = serde_json::from_str(fixture).unwrap();
        // The largest call that is answered, found by halving.
        let (mut fits, mut fails) = (0, LIMIT);
        while fails - fits > 1 {
            let middle = usize::midpoint(fits, fails);
            if size(&function, &fixture["event"], middle).await.is_some() {
                fits = middle;
            } else {
                fails = middle;
            }
        }
        let largest = size(&function, &fixture["event"], fits).await.unwrap();
        assert!(largest <= LIMIT, "{largest}");
        // What is kept free for headers, and less than it.
        assert!(largest > LIMIT - 2048, "{largest}");
    }
}
