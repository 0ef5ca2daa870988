//! Several messages in one array, which revision 2025-03-26 has and no other.

use mcp_core::http::Endpoint;
use mcp_core::{Limits, Server};
use mcp_tests::Result;
use mcp_tests::endpoint_client::{Client, call, initialize, local, request, send};
use mcp_tests::legacy_server::{Shared, builder, keys};
use mcp_tests::message;
use mcp_tests::stdio_client::Session;
use serde_json::{Value, json};

const BATCHES: &str = "2025-03-26";

fn server(change: impl FnOnce(&mut Limits)) -> Server {
    let mut limits = Limits::default();
    change(&mut limits);
    let builder = builder(&Shared::default()).seal_with(keys());
    builder.limits(limits).build().unwrap()
}

fn endpoint() -> Endpoint {
    local(&server(|_| {}))
}

fn ping(id: impl Into<Value>) -> Value {
    request(id, "ping", json!({}))
}

fn note() -> Value {
    json!({"jsonrpc": "2.0", "method": "notifications/initialized"})
}

fn add(id: i64) -> Value {
    let params = json!({"name": "add", "arguments": {"a": id, "b": 1}});
    request(id, "tools/call", params)
}

/// What answers a batch, as (id, text of the result or error code).
fn brief(answers: &Value) -> Vec<(Value, Value)> {
    let brief = |answer: &Value| {
        let what = match answer.get("error") {
            Some(error) => error["code"].clone(),
            None => answer["result"]["content"][0]["text"].clone(),
        };
        (answer["id"].clone(), what)
    };
    answers.as_array().unwrap().iter().map(brief).collect()
}

// [RPC-9] [BATCH-1]
#[tokio::test]
async fn every_request_of_a_batch_is_answered_once() {
    let client = Client::connect(&endpoint(), BATCHES, json!({})).await;
    let mut reply = client.post(json!([add(1), note(), add(2)])).await;
    assert_eq!(reply.status, 200);
    let answers = reply.json().await;
    let (first, second) = ((json!(1), json!("2")), (json!(2), json!("3")));
    assert_eq!(brief(&answers), [first, second]);

    // One bad element is its own, and has no id to be answered by.
    let answers = client.post(json!([1, ping("x")])).await.json().await;
    assert_eq!(brief(&answers)[0], (Value::Null, json!(-32600)));
    assert_eq!(
        answers[1],
        json!({"jsonrpc": "2.0", "id": "x", "result": {}})
    );
    assert!(answers[0].get("id").is_none());
}

// [BATCH-1]
#[tokio::test]
async fn a_batch_that_says_something_is_a_stream_that_ends_with_the_answers() {
    let client = Client::connect(&endpoint(), BATCHES, json!({})).await;
    let batch = json!([call(1, "report", json!({"times": 2})), add(2)]);
    let messages = client.post(batch).await.messages().await;
    let reports: Vec<&Value> = messages
        .iter()
        .filter(|message| message["method"] == "notifications/progress")
        .collect();
    assert_eq!(reports.len(), 2);
    assert_eq!(messages.len(), 3);
    assert_eq!(messages[2].as_array().unwrap().len(), 2);
}

// [BATCH-1] [POST-1]
#[tokio::test]
async fn what_needs_no_answer_has_none() {
    let client = Client::connect(&endpoint(), BATCHES, json!({})).await;
    let answer = json!({"jsonrpc": "2.0", "id": "unknown", "result": {}});
    for batch in [json!([note(), note()]), json!([answer, answer])] {
        let mut reply = client.post(batch).await;
        assert_eq!((reply.status, reply.json().await), (202, Value::Null));
    }
}

// [BATCH-1] [SREQ-2]
#[tokio::test]
async fn answers_in_a_batch_reach_the_calls_that_wait_for_them() {
    let client = Client::connect(&endpoint(), BATCHES, json!({"roots": {}})).await;
    let asking = |id: &str| call(id, "ask", json!({"what": "roots"}));
    let mut replies = [
        client.post(json!([asking("a")])).await,
        client.post(asking("b")).await,
    ];
    let mut answers = Vec::new();
    for (reply, uri) in replies.iter_mut().zip(["file:///a", "file:///b"]) {
        let question = reply.next().await.unwrap();
        let result = json!({"roots": [{"uri": uri}]});
        answers.push(json!({"jsonrpc": "2.0", "id": question["id"], "result": result}));
    }
    let mut taken = client.post(Value::Array(answers)).await;
    assert_eq!((taken.status, taken.json().await), (202, Value::Null));
    let [first, second] = replies;
    let first = first.messages().await.remove(0);
    assert_eq!(brief(&first), [(json!("a"), json!("file:///a"))]);
    let second = second.messages().await.remove(0);
    assert_eq!(second["result"]["content"][0]["text"], "file:///b");
}

// [BATCH-1]
#[tokio::test]
async fn each_call_of_a_batch_takes_a_place_among_those_that_run() {
    let shared = Shared::default();
    let mut limits = Limits::default();
    limits.in_flight = 1;
    let server = builder(&shared).seal_with(keys()).limits(limits);
    let client = Client::connect(&local(&server.build().unwrap()), BATCHES, json!({})).await;
    let batch = json!([add(1), add(2)]);
    let both = [(json!(1), json!("2")), (json!(2), json!("3"))];
    assert_eq!(brief(&client.post(batch.clone()).await.json().await), both);

    let mut running = client.post(call(9, "stroll", json!({"steps": 1}))).await;
    running.next().await.unwrap();
    let busy = [(json!(1), json!(-32603)), (json!(2), json!(-32603))];
    assert_eq!(brief(&client.post(batch.clone()).await.json().await), busy);
    shared.gate.open();
    running.messages().await;
    assert_eq!(brief(&client.post(batch).await.json().await), both);
}

// [CAN-2b]
#[tokio::test]
async fn the_id_of_one_call_cancels_no_batch() {
    let shared = Shared::default();
    let server = builder(&shared).seal_with(keys()).build().unwrap();
    let client = Client::connect(&local(&server), BATCHES, json!({})).await;
    let batch = json!([call(1, "stroll", json!({"steps": 1})), add(2)]);
    let mut reply = client.post(batch).await;
    reply.next().await.unwrap();
    let params = json!({"requestId": 1});
    let note = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params});
    assert_eq!(client.post(note).await.status, 202);
    shared.gate.open();
    let messages = reply.messages().await;
    let (first, second) = ((json!(1), json!("arrived")), (json!(2), json!("3")));
    assert_eq!(brief(messages.last().unwrap()), [first, second]);
}

// [RPC-9b]
#[tokio::test]
async fn a_handshake_is_alone() {
    let client = Client::new(&endpoint(), BATCHES);
    let batch = json!([initialize(BATCHES, json!({})), ping(1)]);
    let mut reply = client.post(batch).await;
    assert_eq!(reply.header("mcp-session-id"), None);
    let answers = reply.json().await;
    assert_eq!(brief(&answers)[0], (json!(0), json!(-32600)));
    assert_eq!(answers[1]["result"], json!({}));
}

/// Whether the body is refused whole.
async fn assert_refused(client: &Client, batch: Value) {
    let mut reply = client.post(batch).await;
    assert_eq!(reply.status, 400);
    let error = reply.json().await;
    assert_eq!(error["error"]["code"], -32600, "{error}");
    assert!(error.get("id").is_none());
}

// [RPC-9c]
#[tokio::test]
async fn other_revisions_have_no_batches() {
    let shared = Shared::default();
    let server = builder(&shared).seal_with(keys()).build().unwrap();
    let endpoint = local(&server);
    let counted = call(1, "ask", json!({"what": "nothing"}));
    for revision in ["2025-06-18", "2025-11-25"] {
        let client = Client::connect(&endpoint, revision, json!({})).await;
        assert_refused(&client, json!([counted])).await;
    }
    let client = Client::connect(&endpoint, BATCHES, json!({})).await;
    let modern: Value = serde_json::from_str(&message::call("add", json!({})).line()).unwrap();
    assert_refused(&client, json!([counted, modern])).await;
    assert_eq!(shared.ended.count(), 0, "nothing of it is run");
    client.post(json!([counted])).await;
    assert_eq!(shared.ended.count(), 1);
    let batch = message::json(json!([modern])).header("mcp-protocol-version", "2026-07-28");
    assert_eq!(send(&endpoint, "POST", &batch).await.status, 400);
}

// [BATCH-1]
#[tokio::test]
async fn a_batch_of_n_is_served_and_of_n_plus_one_and_of_none_is_refused() {
    let endpoint = local(&server(|limits| limits.batch = 3));
    let client = Client::connect(&endpoint, BATCHES, json!({})).await;
    let of = |count: i64| Value::Array((0..count).map(add).collect());
    let answers = client.post(of(3)).await.json().await;
    assert_eq!(answers.as_array().unwrap().len(), 3);
    assert_refused(&client, of(4)).await;
    assert_refused(&client, of(0)).await;
}

async fn answer(session: &mut Session, line: Value) -> Result<Value> {
    session.send(&message::json(line)).await?;
    session.next().await
}

// [BATCH-1b] [RPC-9b] [RPC-9c]
#[tokio::test]
async fn on_standard_input_a_line_may_be_a_batch_after_the_handshake_of_its_revision() -> Result<()>
{
    let mut session = Session::start(env!("CARGO_BIN_EXE_legacy"))?;
    let refused = answer(&mut session, json!([ping(1)])).await?;
    assert_eq!(refused["error"]["code"], -32600);
    let refused = answer(&mut session, json!([initialize(BATCHES, json!({}))])).await?;
    assert_eq!(refused["error"]["code"], -32600);
    let refused = answer(&mut session, request(2, "tools/list", json!({}))).await?;
    assert_eq!(refused["error"]["code"], -32602, "no handshake yet");

    answer(&mut session, initialize(BATCHES, json!({}))).await?;
    session.send(&message::json(json!([note()]))).await?;
    let answers = answer(&mut session, json!([add(1), ping(2)])).await?;
    assert_eq!(brief(&answers)[0], (json!(1), json!("2")));
    assert_eq!(answers[1]["id"], 2);

    for revision in ["2024-11-05", "2025-06-18", "2025-11-25"] {
        answer(&mut session, initialize(revision, json!({}))).await?;
        let refused = answer(&mut session, json!([ping(1)])).await?;
        assert_eq!(refused["error"]["code"], -32600, "{revision}");
        assert!(refused.get("id").is_none());
    }
    Ok(())
}
