//! Who stands between a request and its answer: what an interceptor sees, what it can do, and the limits that
//! are there already.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::Poll;
use std::time::Duration;

use mcp_core::audit::{Audit, Outcome};
use mcp_core::intercept::{CallReply, Intercepted, Interceptor, Next, RateLimit};
use mcp_core::testing::Client;
use mcp_core::{
    Caller, Server, ServerBuilder, State, prompt, prompts, resource, resources, server_info, tool,
    tools,
};
use mcp_tests::endpoint_client::{self, local};
use mcp_tests::ledger::Ledger;
use mcp_tests::message;
use mcp_tests::tokens::Tokens;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

/// Pays money back.
#[tool(destructive)]
fn refund(cents: u32) -> String {
    format!("paid back: {cents}")
}

/// Looks.
#[tool(read_only)]
fn look() -> &'static str {
    "seen"
}

/// Only for some.
#[tool(scopes("money:all"))]
fn hidden() {}

/// Waits until it may go on.
#[tool]
async fn export(gate: &Gate) -> &'static str {
    drop(gate.0.acquire().await);
    "exported"
}

/// Waits until it may go on, and cannot be stopped.
#[tool(blocking)]
fn blocks(door: &Door, begun: &Gate) -> &'static str {
    begun.0.add_permits(1);
    // An error when nobody holds the other end any more, which opens it as well.
    let _ = door.0.lock().map(|door| door.recv());
    "done"
}

/// An order.
#[resource("orders://{region}")]
fn order(region: &str) -> String {
    region.to_owned()
}

/// A letter.
#[prompt]
fn letter(to: &str) -> String {
    to.to_owned()
}

struct Gate(Arc<Semaphore>);
struct Door(Mutex<mpsc::Receiver<()>>);

#[derive(State)]
struct App {
    gate: Gate,
    door: Door,
}

fn builder() -> ServerBuilder<App> {
    let app = App {
        gate: Gate(Arc::new(Semaphore::new(0))),
        door: Door(Mutex::new(mpsc::channel().1)),
    };
    with(app)
}

fn with(app: App) -> ServerBuilder<App> {
    Server::new(server_info!(), app)
        .tools(tools![refund, look, hidden, export, blocks])
        .resources(resources![order])
        .prompts(prompts![letter])
}

type Lines = Arc<Mutex<Vec<String>>>;

/// Writes down what it sees, under its name.
struct Witness(&'static str, Lines);

impl Interceptor for Witness {
    fn intercept<'c>(
        &'c self,
        call: &'c Intercepted<'c>,
        next: Next<'c>,
    ) -> Pin<Box<dyn Future<Output = CallReply> + Send + 'c>> {
        Box::pin(async move {
            let Self(name, lines) = self;
            let line = format!(
                "{name}: {} {:?} by {:?} with {} {:?} {}",
                call.method(),
                call.target(),
                call.caller().map(Caller::subject),
                call.arguments(),
                call.uri(),
                call.may_change(),
            );
            lines.lock().unwrap().push(line);
            let reply = next.run().await;
            let bytes = reply.json().map_or(0, str::len);
            let line = format!("{name}: {:?} {}", reply.outcome(), bytes > 0);
            lines.lock().unwrap().push(line);
            reply
        })
    }
}

/// Does what a function says.
struct By<F>(F);

impl<F: Fn(&Intercepted<'_>) -> Option<CallReply> + Send + Sync + 'static> Interceptor for By<F> {
    fn intercept<'c>(
        &'c self,
        call: &'c Intercepted<'c>,
        next: Next<'c>,
    ) -> Pin<Box<dyn Future<Output = CallReply> + Send + 'c>> {
        match (self.0)(call) {
            Some(reply) => Box::pin(std::future::ready(reply)),
            None => Box::pin(next.run()),
        }
    }
}

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn interceptors_see_every_call_and_its_end_the_first_one_outermost() {
    let lines = Lines::default();
    let server = builder()
        .interceptor(Witness("a", Arc::clone(&lines)))
        .interceptor(Witness("b", Arc::clone(&lines)));
    let client = Client::new(&server.build().unwrap()).as_caller(Caller::for_tests("ann"));
    let seen = || std::mem::take(&mut *lines.lock().unwrap());

    let result = client.call("refund", json!({"cents": 5})).await;
    assert_eq!(text(&result), "paid back: 5");
    let call = r#"tools/call Some("refund") by Some("ann") with {"cents":5} None true"#;
    assert_eq!(
        seen(),
        [
            format!("a: {call}"),
            format!("b: {call}"),
            "b: Ok true".into(),
            "a: Ok true".into()
        ]
    );
    for (method, params, call, end) in [
        (
            "tools/call",
            json!({"name": "refund", "arguments": {"cents": "many"}}),
            r#"tools/call Some("refund") by Some("ann") with {"cents":"many"} None true"#,
            "ToolError",
        ),
        (
            "tools/call",
            json!({"name": "hidden"}),
            r#"tools/call None by Some("ann") with {} None false"#,
            "RpcError",
        ),
        (
            "resources/read",
            json!({"uri": "orders://eu"}),
            r#"resources/read Some("orders://{region}") by Some("ann") with {} Some("\"orders://eu\"") false"#,
            "Ok",
        ),
        (
            "prompts/get",
            json!({"name": "letter", "arguments": {"to": "Bob"}}),
            r#"prompts/get Some("letter") by Some("ann") with {"to":"Bob"} None false"#,
            "Ok",
        ),
    ] {
        client.request(method, params).await;
        let seen = seen();
        assert_eq!(seen[0], format!("a: {call}"));
        assert_eq!(seen[3], format!("a: {end} true"));
    }
    client.tools().await;
    assert!(seen().is_empty());
}

#[tokio::test]
async fn a_refusal_is_told_and_recorded_and_nothing_runs() {
    let (lines, ledger) = (Lines::default(), Ledger::new());
    let server = builder()
        .audit(Audit::to(ledger.clone()))
        .interceptor(By(|call: &Intercepted<'_>| {
            let sunday = call.may_change() || call.method() != "tools/call";
            sunday.then(|| CallReply::refused("not on Sundays"))
        }))
        .interceptor(Witness("inner", Arc::clone(&lines)));
    let client = Client::new(&server.build().unwrap());

    let result = client.call("refund", json!({"cents": 5})).await;
    assert_eq!(
        (text(&result), &result["isError"]),
        ("not on Sundays", &json!(true))
    );
    let record = ledger.one();
    assert_eq!(
        (&record["outcome"], &record["deny_reason"]),
        (&json!("denied"), &json!("refused"))
    );
    let error = client
        .request("resources/read", json!({"uri": "orders://eu"}))
        .await;
    assert_eq!(
        error["error"],
        json!({"code": -32603, "message": "not on Sundays"})
    );
    assert_eq!(ledger.one()["outcome"], "denied");
    assert!(lines.lock().unwrap().is_empty());
    assert_eq!(text(&client.call("look", json!({})).await), "seen");
    assert_eq!(lines.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn an_interceptor_that_panics_ends_the_call_and_nothing_else() {
    let ledger = Ledger::new();
    let server =
        builder()
            .audit(Audit::to(ledger.clone()))
            .interceptor(By(|call: &Intercepted<'_>| {
                assert!(!call.may_change(), "a bug");
                None
            }));
    let client = Client::new(&server.build().unwrap());
    let result = client.call("refund", json!({"cents": 5})).await;
    assert_eq!(result["error"]["code"], -32603);
    assert!(!result.to_string().contains("bug"), "{result}");
    assert_eq!(ledger.one()["outcome"], "panic");
    assert_eq!(text(&client.call("look", json!({})).await), "seen");
}

#[tokio::test]
async fn n_calls_of_a_caller_pass_and_one_more_is_told_when_to_come_again() {
    let ledger = Ledger::new();
    let server = builder()
        .caller_source(Tokens)
        .audit(Audit::to(ledger.clone()))
        .interceptor(RateLimit::per_caller(3, Duration::from_secs(3600)));
    let endpoint = local(&server.build().unwrap());
    let look = |caller: &str| message::call("look", json!({})).from_caller(caller);
    for _ in 0..3 {
        let reply = endpoint_client::send(&endpoint, "POST", &look("ann")).await;
        assert_eq!((reply.status, reply.header("retry-after")), (200, None));
        assert_eq!(ledger.one()["outcome"], "ok");
    }
    let mut reply = endpoint_client::send(&endpoint, "POST", &look("ann")).await;
    assert_eq!(
        (reply.status, reply.header("retry-after")),
        (429, Some("1200"))
    );
    let error = reply.json().await["error"].clone();
    assert_eq!(error["code"], -32603);
    let text = "you are at the limit of calls in a time; come again in 1200 seconds";
    assert_eq!(error["message"], text);
    assert_eq!(ledger.one()["outcome"], "limited");
    // Nobody else pays for it, and lists are no calls.
    let reply = endpoint_client::send(&endpoint, "POST", &look("bob")).await;
    assert_eq!(reply.status, 200);
    let list = message::modern("tools/list", json!({})).from_caller("ann");
    assert_eq!(
        endpoint_client::send(&endpoint, "POST", &list).await.status,
        200
    );
}

/// Polls a future once.
async fn poll<F: Future + Unpin>(future: &mut F) -> bool {
    poll_fn(|cx| Poll::Ready(Pin::new(&mut *future).poll(cx).is_ready())).await
}

#[tokio::test]
async fn n_calls_of_a_tool_run_at_a_time_and_one_more_does_not() {
    let gate = Arc::new(Semaphore::new(0));
    let app = App {
        gate: Gate(Arc::clone(&gate)),
        door: Door(Mutex::new(mpsc::channel().1)),
    };
    let server = with(app).tool_concurrency("export", 2).build().unwrap();
    let client = Client::new(&server);
    let mut first = Box::pin(client.call("export", json!({})));
    let mut second = Box::pin(client.call("export", json!({})));
    assert!(!poll(&mut first).await && !poll(&mut second).await);
    // Over HTTP, so that the status is seen.
    let endpoint = local(&server);
    let export = message::call("export", json!({}));
    let mut third = endpoint_client::send(&endpoint, "POST", &export).await;
    assert_eq!(third.status, 429);
    assert_eq!(third.header("retry-after"), Some("1"));
    let text = "`export` is at its limit of concurrent calls, which is 2; come again in 1 second";
    assert_eq!(third.json().await["error"]["message"], text);
    // Other tools run, and a call that is gone makes room.
    assert_eq!(self::text(&client.call("look", json!({})).await), "seen");
    drop(first);
    let mut fourth = Box::pin(client.call("export", json!({})));
    assert!(!poll(&mut fourth).await);
    gate.add_permits(2);
    assert_eq!(self::text(&second.await), "exported");
    assert_eq!(self::text(&fourth.await), "exported");
}

#[tokio::test]
async fn a_blocking_call_keeps_its_place_until_its_function_returns() {
    let (closed, door) = mpsc::channel();
    let begun = Arc::new(Semaphore::new(0));
    let app = App {
        gate: Gate(Arc::clone(&begun)),
        door: Door(Mutex::new(door)),
    };
    let client = Client::new(&with(app).tool_concurrency("blocks", 1).build().unwrap());
    let mut first = Box::pin(client.call("blocks", json!({})));
    assert!(!poll(&mut first).await);
    // It has begun, so that nothing stops it any more.
    begun.acquire().await.unwrap().forget();
    drop(first);
    assert_eq!(
        client.call("blocks", json!({})).await["error"]["code"],
        -32603
    );
    drop(closed);
    loop {
        let result = client.call("blocks", json!({})).await;
        if result["error"].is_null() {
            assert_eq!(text(&result), "done");
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[test]
fn what_an_interceptor_answers_has_an_outcome() {
    let later = CallReply::limited("later", Duration::from_millis(1));
    assert_eq!((later.outcome(), later.json()), (Outcome::Limited, None));
}
