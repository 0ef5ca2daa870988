//! One record per call, whatever its end: what it says, what it never says, and when it is written.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use mcp_core::audit::Audit;
use mcp_core::testing::Client;
use mcp_core::{
    Caller, Context, Error, Limits, Provenance, Result, Server, ServerBuilder, State, prompt,
    prompts, resource, resources, server_info, tool, tools,
};
use mcp_tests::endpoint_client::{self, local};
use mcp_tests::ledger::Ledger;
use mcp_tests::log;
use mcp_tests::message;
use mcp_tests::tokens::Tokens;
use serde_json::{Value, json};

/// Looks a patient up.
#[tool(read_only)]
fn find(
    /// The number of the chart.
    #[arg(audit, length = ..=400)]
    chart: &str,
    /// Why somebody wants to know.
    reason: &str,
    depth: Option<u32>,
) -> String {
    format!("{chart}: {reason} {depth:?}")
}

/// Discharges a patient.
#[tool(destructive)]
fn discharge(chart: &str, runs: &Runs) -> String {
    runs.0.fetch_add(1, Ordering::SeqCst);
    chart.to_owned()
}

/// Fails.
#[tool]
fn fail() -> Result<()> {
    Err(Error::new("no bed is free"))
}

/// Panics.
#[tool]
fn panics() {
    panic!("a bug")
}

/// Never ends.
#[tool(timeout = "20ms")]
async fn hangs() {
    std::future::pending::<()>().await;
}

/// Waits for ever.
#[tool]
async fn waits(cx: &Context) {
    let _ = cx;
    std::future::pending::<()>().await;
}

/// Only for some.
#[tool(scopes("charts:write"))]
fn hidden(chart: &str) -> String {
    chart.to_owned()
}

/// A chart.
#[resource("charts://{ward}/{chart}")]
fn chart(#[arg(audit)] ward: &str, #[arg(complete = charts)] chart: &str) -> String {
    format!("{ward} {chart}")
}

fn charts(typed: &str) -> Vec<String> {
    vec![format!("{typed}-1")]
}

/// A letter to a patient.
#[prompt]
fn letter(#[arg(audit)] tone: &str, to: &str) -> String {
    format!("{tone} {to}")
}

#[derive(Default)]
struct Runs(AtomicUsize);

#[derive(Clone, Default, State)]
struct App {
    runs: Arc<Runs>,
}

fn builder(app: &App) -> ServerBuilder<App> {
    Server::new(server_info!(), app.clone())
        .tools(tools![find, discharge, fail, panics, hangs, waits, hidden])
        .resources(resources![chart])
        .prompts(prompts![letter])
}

/// A server with a ledger, and a client of it.
fn audited() -> (Ledger, Client) {
    let ledger = Ledger::new();
    let server = builder(&App::default()).audit(Audit::to(ledger.clone()));
    (ledger, Client::new(&server.build().unwrap()))
}

/// The notes on arguments, by name.
fn arg<'r>(record: &'r Value, name: &str) -> &'r Value {
    let named = record["args"]["named"].as_array().unwrap();
    let mut named = named.iter().filter(|note| note["name"] == name);
    named
        .next()
        .unwrap_or_else(|| panic!("no `{name}`: {record}"))
}

#[tokio::test]
async fn a_call_leaves_one_record_that_says_who_what_and_how_it_ended() {
    let (ledger, client) = audited();
    let ann = Caller::new("ann", Provenance::Authorizer).with_tenant("clinic");
    let arguments = json!({"chart": "C-1001", "reason": "she is my patient", "depth": 3});
    let result = client.as_caller(ann).call("find", arguments).await;
    assert_eq!(result["isError"], Value::Null);
    let record = ledger.one();
    for (key, expected) in [
        ("level", json!("INFO")),
        ("log_type", json!("mcp.audit")),
        ("schema_version", json!("1")),
        ("event", json!("end")),
        ("outcome", json!("ok")),
        ("mcp.method.name", json!("tools/call")),
        ("gen_ai.tool.name", json!("find")),
        ("jsonrpc.request.id", json!("1")),
        ("mcp.protocol.version", json!("2026-07-28")),
        ("principal", json!({"type": "authorizer", "sub": "ann"})),
        ("tenant_id", json!("clinic")),
        ("transport", json!("test")),
        ("service", json!("mcp-tests")),
    ] {
        assert_eq!(record[key], expected, "{key}");
    }
    assert_eq!(record.get("error.type"), None);
    assert_eq!(record["audit_id"].as_str().unwrap().len(), 32);
    assert!(record["duration_ms"].as_f64().unwrap() >= 0.0);
    assert!(record["result"]["bytes"].as_u64().unwrap() > 100);
    assert_eq!(
        record["args"],
        json!({
            "named": [
                {"name": "chart", "bytes": 8, "value": "C-1001"},
                {"name": "depth", "bytes": 1},
                {"name": "reason", "bytes": 19},
            ],
            "unknown": 0,
            "bytes": 57,
        })
    );
}

#[tokio::test]
async fn every_end_has_its_word() {
    let (ledger, client) = audited();
    for (tool, arguments, outcome, error, reason) in [
        (
            "fail",
            json!({}),
            "tool_error",
            json!("tool_error"),
            Value::Null,
        ),
        (
            "find",
            json!({}),
            "tool_error",
            json!("tool_error"),
            Value::Null,
        ),
        (
            "panics",
            json!({}),
            "panic",
            json!("tool_error"),
            Value::Null,
        ),
        (
            "hangs",
            json!({}),
            "timeout",
            json!("tool_error"),
            Value::Null,
        ),
        (
            "hidden",
            json!({"chart": "C-1"}),
            "denied",
            json!("-32602"),
            json!("not_visible"),
        ),
        (
            "no_such",
            json!({"chart": "C-1"}),
            "denied",
            json!("-32602"),
            json!("not_found"),
        ),
        (
            "find",
            json!([1]),
            "rpc_error",
            json!("-32602"),
            Value::Null,
        ),
    ] {
        client.call(tool, arguments).await;
        let record = ledger.one();
        assert_eq!(record["outcome"], outcome, "{tool}: {record}");
        assert_eq!(record["error.type"], error, "{tool}: {record}");
        assert_eq!(record["deny_reason"], reason, "{tool}: {record}");
        // A name that the server does not have is the client's own text.
        assert_eq!(
            record["gen_ai.tool.name"] == tool,
            tool != "no_such",
            "{record}"
        );
    }
    assert!(ledger.take().is_empty());
}

/// Signs papers.
#[tool(scopes("papers:sign"), step_up)]
fn sign() {}

#[tokio::test]
async fn what_scopes_and_the_policy_forbid_is_recorded_as_denied() {
    let ledger = Ledger::new();
    let server = builder(&App::default())
        .tools(tools![sign])
        .policy(|access| match access.name() {
            "discharge" => Err(Error::new("the ward is closed")),
            _ => Ok(()),
        })
        .audit(Audit::to(ledger.clone()));
    let client = Client::new(&server.build().unwrap()).as_caller(Caller::for_tests("ann"));
    for (tool, arguments, error, reason) in [
        ("sign", json!({}), "-32600", "scopes"),
        (
            "discharge",
            json!({"chart": "C-1"}),
            "tool_error",
            "refused",
        ),
    ] {
        client.call(tool, arguments).await;
        let record = ledger.one();
        assert_eq!(record["outcome"], "denied", "{record}");
        assert_eq!(record["deny_reason"], reason, "{record}");
        assert_eq!(record["error.type"], error, "{record}");
    }
    let issued = Caller::new("ann", Provenance::Token)
        .with_issuer("https://id.example")
        .with_client_id("desk")
        .with_token_id("t-1");
    client.as_caller(issued).call("fail", json!({})).await;
    assert_eq!(
        ledger.one()["principal"],
        json!({
            "type": "token",
            "sub": "ann",
            "issuer": "https://id.example",
            "client_id": "desk",
            "token_id": "t-1",
        })
    );
}

#[tokio::test]
async fn resources_prompts_and_completions_leave_one_as_well() {
    let (ledger, client) = audited();
    client
        .request("resources/read", json!({"uri": "charts://north/C-77"}))
        .await;
    let record = ledger.one();
    assert_eq!(record["mcp.resource.uri"], "charts://{ward}/{chart}");
    assert_eq!(arg(&record, "ward")["value"], "north");
    assert_eq!(arg(&record, "chart"), &json!({"name": "chart", "bytes": 4}));
    assert_eq!(record["outcome"], "ok");

    client
        .request("resources/read", json!({"uri": "bills://C-77"}))
        .await;
    let record = ledger.one();
    assert_eq!(record["outcome"], "denied");
    assert_eq!(record["deny_reason"], "not_found");
    assert!(!record.to_string().contains("bills"), "{record}");

    let params = json!({"name": "letter", "arguments": {"tone": "kind", "to": "Ms Miller"}});
    client.request("prompts/get", params).await;
    let record = ledger.one();
    assert_eq!(record["gen_ai.prompt.name"], "letter");
    assert_eq!(arg(&record, "tone")["value"], "kind");
    assert_eq!(arg(&record, "to"), &json!({"name": "to", "bytes": 11}));

    let params = json!({
        "ref": {"type": "ref/resource", "uri": "charts://{ward}/{chart}"},
        "argument": {"name": "chart", "value": "C-77"},
    });
    client.request("completion/complete", params).await;
    let record = ledger.one();
    assert_eq!(record["mcp.method.name"], "completion/complete");
    assert_eq!(record["mcp.resource.uri"], "charts://{ward}/{chart}");
    assert_eq!(arg(&record, "chart"), &json!({"name": "chart", "bytes": 4}));
    assert_eq!(record["outcome"], "ok");

    // What runs nothing of the author's leaves none.
    client.tools().await;
    client.request("prompts/list", json!({})).await;
    assert!(ledger.take().is_empty());
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_is_recorded_as_cancelled() {
    let (ledger, client) = audited();
    let mut call = Box::pin(client.call("waits", json!({})));
    poll_fn(|cx| {
        assert!(call.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
    assert!(ledger.take().is_empty());
    drop(call);
    let record = ledger.one();
    assert_eq!(record["outcome"], "cancelled");
    assert_eq!(record["error.type"], "cancelled");
    assert_eq!(record.get("result"), None);
}

#[tokio::test]
async fn a_busy_server_records_whom_it_turns_away() {
    let ledger = Ledger::new();
    let mut limits = Limits::default();
    limits.in_flight = 1;
    let server = builder(&App::default())
        .audit(Audit::to(ledger.clone()))
        .limits(limits);
    let client = Client::new(&server.build().unwrap());
    let mut waiting = Box::pin(client.call("waits", json!({})));
    poll_fn(|cx| Poll::Ready(waiting.as_mut().poll(cx).is_pending())).await;
    let refused = client.call("fail", json!({})).await;
    assert_eq!(refused["error"]["code"], -32603);
    assert_eq!(ledger.one()["outcome"], "limited");
}

#[tokio::test]
async fn somebody_who_is_turned_away_at_the_door_is_recorded() {
    let ledger = Ledger::new();
    let server = builder(&App::default())
        .audit(Audit::to(ledger.clone()))
        .caller_source(Tokens);
    let endpoint = local(&server.build().unwrap());
    let call = message::call("find", json!({"chart": "C-1", "reason": "r"}));
    let stranger = call.clone().header("authorization", "Basic c2VjcmV0");
    let reply = endpoint_client::send(&endpoint, "POST", &stranger).await;
    assert_eq!(reply.status, 401);
    let record = ledger.one();
    assert_eq!(record["event"], "door");
    assert_eq!(record["outcome"], "denied");
    assert_eq!(record["deny_reason"], "unidentified");
    assert_eq!(record["error.type"], "-32600");
    assert_eq!(record["principal"]["type"], "anonymous");
    assert_eq!(record["transport"], "http");

    let ann = call.from_caller("ann").meta(
        "traceparent",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    );
    let reply = endpoint_client::send(&endpoint, "POST", &ann).await;
    assert_eq!(reply.status, 200);
    let record = ledger.one();
    assert_eq!(record["principal"], json!({"type": "custom", "sub": "ann"}));
    assert_eq!(record["jsonrpc.request.id"], "7");
    assert_eq!(record["trace_id"], "0af7651916cd43dd8448eb211c80319c");
}

#[tokio::test]
async fn a_reply_waits_for_its_record() {
    let ledger = Ledger::slow();
    let server = builder(&App::default()).audit(Audit::to(ledger.clone()));
    let client = Client::new(&server.build().unwrap());
    let mut call = Box::pin(client.call("fail", json!({})));
    for _ in 0..3 {
        poll_fn(|cx| {
            assert!(call.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
    }
    ledger.release(1);
    assert_eq!(call.await["isError"], true);
    assert_eq!(ledger.one()["outcome"], "tool_error");
}

#[tokio::test]
async fn a_record_of_a_call_that_is_gone_is_kept_later() {
    let ledger = Ledger::slow();
    let server = builder(&App::default()).audit(Audit::to(ledger.clone()));
    let client = Client::new(&server.build().unwrap());
    let mut call = Box::pin(client.call("waits", json!({})));
    poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx).is_pending())).await;
    drop(call);
    assert!(ledger.take().is_empty());
    ledger.release(1);
    let mut records = ledger.take();
    while records.is_empty() {
        tokio::task::yield_now().await;
        records = ledger.take();
    }
    assert_eq!(records[0]["outcome"], "cancelled");
}

#[tokio::test]
async fn a_sink_that_fails_stops_nothing_unless_it_was_asked_to() {
    let log = log::capture();
    for panics in [false, true] {
        for closed in [false, true] {
            let (ledger, app) = (Ledger::new(), App::default());
            let audit = Audit::to(ledger.clone()).intents();
            let audit = if closed { audit.fail_closed() } else { audit };
            let client = Client::new(&builder(&app).audit(audit).build().unwrap());
            if panics {
                ledger.panic();
            } else {
                ledger.fail();
            }

            // What may change something does not run without its intent.
            let result = client.call("discharge", json!({"chart": "C-1"})).await;
            assert_eq!(result["error"]["code"] == -32603, closed, "{result}");
            assert_eq!(app.runs.0.load(Ordering::SeqCst), usize::from(!closed));

            // What cannot be recorded is not told.
            let arguments = json!({"chart": "C-1001", "reason": "r"});
            let result = client.call("find", arguments).await;
            assert_eq!(result["error"]["code"] == -32603, closed, "{result}");
            assert_eq!(result.to_string().contains("C-1001"), !closed, "{result}");
        }
    }
    let logged = log.with("an audit record could not be written");
    // Each of two sinks, open: an intent, its end and one more end; closed: an intent, its end, an end.
    assert_eq!(logged.len(), 12, "{logged:?}");
    assert!(logged[0].contains("the ledger is closed"), "{logged:?}");
}

#[tokio::test]
async fn an_intent_is_kept_before_a_tool_that_may_change_something_runs() {
    let (ledger, app) = (Ledger::slow(), App::default());
    let server = builder(&app).audit(Audit::to(ledger.clone()).intents());
    let client = Client::new(&server.build().unwrap());
    let mut call = Box::pin(client.call("discharge", json!({"chart": "C-1"})));
    poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx).is_pending())).await;
    assert_eq!(app.runs.0.load(Ordering::SeqCst), 0);
    ledger.release(1);
    poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx).is_pending())).await;
    assert_eq!(app.runs.0.load(Ordering::SeqCst), 1);
    let intent = ledger.one();
    assert_eq!(intent["event"], "intent");
    assert_eq!(intent.get("outcome"), None);
    assert_eq!(arg(&intent, "chart"), &json!({"name": "chart", "bytes": 5}));
    ledger.release(1);
    call.await;
    let end = ledger.one();
    assert_eq!(
        (&end["event"], &end["outcome"]),
        (&json!("end"), &json!("ok"))
    );
    assert_eq!(end["audit_id"], intent["audit_id"]);

    // What only reads has no intent, and neither has what is not there.
    ledger.release(2);
    let arguments = json!({"chart": "C-1001", "reason": "r"});
    client.call("find", arguments).await;
    assert_eq!(ledger.one()["event"], "end");
    client.call("hidden", json!({"chart": "C-1"})).await;
    assert_eq!(ledger.one()["event"], "end");
}

#[tokio::test]
async fn keys_that_nobody_declared_are_counted_and_not_named() {
    let (ledger, client) = audited();
    let arguments = json!({"chart": "C-1", "reason": "r", "patient-4711": "secret", "x": {"y": 1}});
    client.call("find", arguments).await;
    let record = ledger.one();
    assert_eq!(record["args"]["unknown"], 2);
    let text = record.to_string();
    assert!(!text.contains("4711") && !text.contains("secret"), "{text}");
}

#[tokio::test]
async fn a_value_in_clear_has_n_characters_and_one_more_is_cut() {
    let (ledger, client) = audited();
    for (length, cut) in [(254, false), (255, true)] {
        // With its quotation marks, two characters more.
        let chart = "ä".repeat(length);
        client
            .call("find", json!({"chart": chart, "reason": "r"}))
            .await;
        let record = ledger.one();
        let note = arg(&record, "chart");
        assert_eq!(note["cut"] == true, cut);
        assert_eq!(note["value"].as_str().unwrap() == chart, !cut);
        assert_eq!(note["bytes"], 2 * length + 2);
        assert!(note["value"].as_str().unwrap().chars().count() <= 256);
    }
    // A line break in an argument is none in the record.
    let line = r#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"find","arguments":
        {"chart": "a\nb", "reason": "r", "depth":
        3},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
        "io.modelcontextprotocol/clientCapabilities":{}}}}"#;
    client.send(line).await;
    let record = ledger.one();
    assert_eq!(arg(&record, "chart")["value"], "a\nb");
    assert_eq!(record["jsonrpc.request.id"], "a");
}

#[tokio::test]
async fn a_digest_finds_a_value_for_who_has_the_key_alone() {
    let digest = async |key: u8, reason: &str| {
        let ledger = Ledger::new();
        let audit = Audit::to(ledger.clone()).digest_key(&[key; 32]);
        let client = Client::new(&builder(&App::default()).audit(audit).build().unwrap());
        let arguments = json!({"chart": "C-1", "reason": reason, "depth": 2});
        client.call("find", arguments).await;
        let record = ledger.one();
        assert_eq!(
            arg(&record, "depth")["hmac_sha256"].as_str().unwrap().len(),
            64
        );
        arg(&record, "reason")["hmac_sha256"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let found = digest(7, "Grüße").await;
    // printf 'Grüße' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707..07
    assert_eq!(
        found,
        "613c93d45bfec8d2b47e9d19080cb42b3b1e3fba02c5fede72b807174b567fb5"
    );
    assert_ne!(found, digest(8, "Grüße").await);
    assert_ne!(found, digest(7, "Gruesse").await);
}

#[tokio::test]
async fn nothing_is_recorded_when_it_is_off() {
    let server = builder(&App::default()).audit(Audit::off().intents().fail_closed());
    let client = Client::new(&server.build().unwrap());
    let result = client.call("discharge", json!({"chart": "C-1"})).await;
    assert_eq!(result["content"][0]["text"], "C-1");
}
