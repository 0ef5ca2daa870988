//! Replies of older revisions: when they are streams, how a client that lost one takes it up again, and
//! how it cancels a call.

use std::collections::HashSet;
use std::time::Duration;

use mcp_core::Limits;
use mcp_core::http::Endpoint;
use mcp_tests::endpoint_client::{Client, Reply, call, local, request};
use mcp_tests::legacy_server::{self, Shared};
use mcp_tests::tokens::Tokens;
use serde_json::{Value, json};

/// The revision in which replies can be taken up again.
const RESUMABLE: &str = "2025-11-25";

const REVISIONS: [&str; 3] = [RESUMABLE, "2025-06-18", "2025-03-26"];

fn endpoint(shared: &Shared, change: impl FnOnce(&mut Limits)) -> Endpoint {
    let mut limits = Limits::default();
    change(&mut limits);
    local(&legacy_server::server(shared, limits).unwrap())
}

async fn connect(endpoint: &Endpoint) -> Client {
    Client::connect(endpoint, RESUMABLE, json!({})).await
}

/// What the messages of a call are: how far it has come, or the text of its result.
fn brief(messages: &[Value]) -> Vec<String> {
    messages
        .iter()
        .map(|message| match message["params"]["progress"].as_u64() {
            Some(done) => format!("{} {done}", message["params"]["progressToken"]),
            None => message["result"]["content"][0]["text"].to_string(),
        })
        .collect()
}

/// The ids and messages of all events that are still to come.
async fn events(mut reply: Reply) -> (Vec<String>, Vec<Value>) {
    let (mut ids, mut messages) = (Vec::new(), Vec::new());
    while let Some(event) = reply.event().await {
        ids.extend(event.id);
        messages.extend(event.message);
    }
    (ids, messages)
}

/// Reads one message of a call: what it is, and the id of its event.
async fn one(reply: &mut Reply) -> (String, String) {
    let event = reply.event().await.unwrap();
    (
        brief(&[event.message.unwrap()]).remove(0),
        event.id.unwrap(),
    )
}

/// Reads the event without a message with which a reply begins that can be taken up again.
async fn primed(reply: &mut Reply) -> String {
    let first = reply.event().await.unwrap();
    assert!(first.message.is_none());
    first.id.unwrap()
}

// [POST-2] [PROG-1]
#[tokio::test]
async fn a_call_that_says_something_is_answered_with_a_stream_and_any_other_with_a_document() {
    let endpoint = endpoint(&Shared::default(), |_| {});
    for revision in REVISIONS {
        let with = Client::connect(&endpoint, revision, json!({})).await;
        for client in [with.clone(), with.session(None)] {
            let sum = call(1, "add", json!({"a": 1, "b": 2}));
            let mut silent = client.post(sum).await;
            assert_eq!(silent.status, 200);
            assert_eq!(silent.header("content-type"), Some("application/json"));
            assert_eq!(silent.json().await["id"], 1);

            let report = call(1, "report", json!({"times": 2}));
            let talking = client.post(report.clone()).await;
            assert_eq!(talking.status, 200);
            assert_eq!(talking.header("content-type"), Some("text/event-stream"));
            let messages = brief(&talking.messages().await);
            assert_eq!(messages, ["1 1", "1 2", "\"2\""]);

            let message = client.message(report).header("accept", "application/json");
            let mut whole = client.send("POST", &message).await;
            assert_eq!(whole.header("content-type"), Some("application/json"));
            assert_eq!(whole.json().await["result"]["content"][0]["text"], "2");
        }
    }
}

// [GET-2] [GET-3]
#[tokio::test]
async fn every_event_of_every_reply_has_an_id_of_its_own_where_it_can_be_taken_up_again() {
    let endpoint = endpoint(&Shared::default(), |_| {});
    let (first, second) = (connect(&endpoint).await, connect(&endpoint).await);
    let mut all = HashSet::new();
    for client in [&first, &first, &second] {
        let mut reply = client.post(call(1, "report", json!({"times": 49}))).await;
        assert!(all.insert(primed(&mut reply).await));
        let (ids, messages) = events(reply).await;
        assert_eq!((ids.len(), messages.len()), (50, 50));
        all.extend(ids);
    }
    assert_eq!(all.len(), 153);
    // What comes beside replies cannot, and has none.
    let changes = first.listen().await;
    first.call("change", json!({"what": "tools"})).await;
    first.without_body("DELETE").await;
    let (ids, messages) = events(changes).await;
    assert_eq!((ids.len(), messages.len()), (0, 1));

    let without_session = second.session(None);
    let mut others = vec![without_session];
    for revision in ["2025-06-18", "2025-03-26"] {
        others.push(Client::connect(&endpoint, revision, json!({})).await);
    }
    for client in others {
        let reply = client.post(call(1, "report", json!({"times": 49}))).await;
        let (ids, messages) = events(reply).await;
        assert_eq!((ids.len(), messages.len()), (0, 50));
    }
}

// [GET-2b] [GET-1b]
#[tokio::test]
async fn a_lost_reply_is_finished_and_read_from_where_it_was_left() {
    let shared = Shared::default();
    let endpoint = endpoint(&shared, |_| {});
    let client = connect(&endpoint).await;
    let steps = json!({"steps": 2});
    let mut lost = client.post(call("a", "stroll", steps.clone())).await;
    let mut kept = client.post(call("b", "stroll", steps)).await;
    let start = primed(&mut lost).await;
    let (said, left) = one(&mut lost).await;
    assert_eq!(said, "\"a\" 1");
    primed(&mut kept).await;
    assert_eq!(one(&mut kept).await.0, "\"b\" 1");
    drop(lost);

    for _ in 0..4 {
        shared.gate.open();
    }
    for _ in 0..2 {
        shared.ended.one().await;
    }
    let rest = ["\"a\" 2", "\"a\" 3", "\"arrived\""];
    // As often as it takes, and from any event.
    for _ in 0..2 {
        let again = client.resume(&left).await;
        assert_eq!(again.status, 200);
        assert_eq!(again.header("content-type"), Some("text/event-stream"));
        let (ids, messages) = events(again).await;
        assert_eq!(brief(&messages), rest);
        let end = client.resume(&ids[1]).await.messages().await;
        assert_eq!(brief(&end), rest[2..]);
        assert!(client.resume(&ids[2]).await.messages().await.is_empty());
    }
    let whole = client.resume(&start).await.messages().await;
    assert_eq!(brief(&whole), [&["\"a\" 1"], &rest[..]].concat());
    assert_eq!(
        brief(&kept.messages().await),
        ["\"b\" 2", "\"b\" 3", "\"arrived\""]
    );
}

// [GET-2b]
#[tokio::test]
async fn a_reply_that_goes_on_is_read_by_the_connection_that_came_last() {
    let shared = Shared::default();
    let endpoint = endpoint(&shared, |_| {});
    let client = connect(&endpoint).await;
    let mut first = client.post(call("a", "stroll", json!({"steps": 1}))).await;
    let start = primed(&mut first).await;
    one(&mut first).await;
    let second = client.resume(&start).await;
    shared.gate.open();
    assert!(first.messages().await.is_empty());
    let messages = second.messages().await;
    assert_eq!(brief(&messages), ["\"a\" 1", "\"a\" 2", "\"arrived\""]);
}

// [GET-2b] [SESS-1b]
#[tokio::test]
async fn a_reply_is_read_by_its_own_client_alone() {
    let builder = legacy_server::builder(&Shared::default()).caller_source(Tokens);
    let server = builder.seal_with(legacy_server::keys()).build().unwrap();
    let endpoint = local(&server);
    let ann = Client::new(&endpoint, RESUMABLE).caller("ann");
    let (first, second) = (ann.clone(), ann.clone());
    let first = first.initialize(json!({})).await;
    let second = second.initialize(json!({})).await;
    let bob = ann.clone().caller("bob").initialize(json!({})).await;
    let mut reply = first.post(call("a", "report", json!({"times": 1}))).await;
    let start = primed(&mut reply).await;
    let (_, messages) = events(reply).await;

    let with_her_session = bob.clone().session(Some(first.session_id()));
    let without = ann.clone().session(None);
    for (client, status) in [
        (&second, 400),
        (&bob, 400),
        (&with_her_session, 404),
        (&without, 405),
    ] {
        let mut reply = client.resume(&start).await;
        assert_eq!(reply.status, status);
        assert!(!reply.json().await.to_string().contains("progress"));
    }
    let (number, _) = start.split_once('-').unwrap();
    for unknown in ["", "x", "-", "0-0", &format!("{number}-99"), number] {
        assert_eq!(first.resume(unknown).await.status, 400, "{unknown}");
    }
    assert_eq!(first.resume(&start).await.messages().await, messages);
}

// [GET-2b]
#[tokio::test]
async fn revisions_without_event_ids_have_nothing_to_take_up() {
    let endpoint = endpoint(&Shared::default(), |_| {});
    let newest = connect(&endpoint).await;
    let mut reply = newest.post(call("a", "report", json!({"times": 1}))).await;
    let start = primed(&mut reply).await;
    for revision in &REVISIONS[1..] {
        let client = Client::connect(&endpoint, revision, json!({})).await;
        assert_eq!(client.resume(&start).await.status, 400);
    }
}

// [GET-3]
#[tokio::test]
async fn a_connection_that_the_server_lets_go_is_told_when_to_come_back() {
    let shared = Shared::default();
    let endpoint = endpoint(&shared, |_| {});
    let client = connect(&endpoint).await;
    let mut reply = client.post(call("a", "lets_go", json!({}))).await;
    primed(&mut reply).await;
    let (_, left) = one(&mut reply).await;
    assert_eq!(reply.event().await.unwrap().retry, Some(700));
    assert!(reply.event().await.is_none());
    let again = client.resume(&left).await;
    shared.gate.open();
    assert_eq!(brief(&again.messages().await), ["\"arrived\""]);

    // Whoever cannot come back is not let go.
    for revision in &REVISIONS[1..] {
        let client = Client::connect(&endpoint, revision, json!({})).await;
        let reply = client.post(call("a", "lets_go", json!({}))).await;
        shared.gate.open();
        assert_eq!(brief(&reply.messages().await), ["\"a\" 1", "\"arrived\""]);
    }
}

#[tokio::test]
async fn a_call_that_said_nothing_before_its_connection_was_lost_is_finished() {
    let shared = Shared::default();
    let endpoint = endpoint(&shared, |_| {});
    for revision in REVISIONS {
        let client = Client::connect(&endpoint, revision, json!({})).await;
        let posted = client.post(call(1, "silent", json!({})));
        assert!(tokio::time::timeout(Duration::ZERO, posted).await.is_err());
        shared.gate.open();
        shared.ended.one().await;
    }
}

/// Whether a call's reply can be taken up again.
async fn is_kept(client: &Client) -> bool {
    let reply = client.post(call(1, "report", json!({"times": 1}))).await;
    let (ids, messages) = events(reply).await;
    assert_eq!(brief(&messages), ["1 1", "\"1\""]);
    !ids.is_empty()
}

#[tokio::test]
async fn n_replies_are_kept_for_their_time_and_one_more_is_sent_without_ids() {
    let endpoint_of = |time| {
        endpoint(&Shared::default(), |limits| {
            limits.resumable_replies = 2;
            limits.resumable_time = time;
        })
    };
    let client = connect(&endpoint_of(Duration::from_secs(3600))).await;
    let mut kept = Vec::new();
    for _ in 0..3 {
        kept.push(is_kept(&client).await);
    }
    assert_eq!(kept, [true, true, false]);
    // Those whose time is over make room.
    let client = connect(&endpoint_of(Duration::from_millis(1))).await;
    let mut count = 0;
    while count < 5 {
        if is_kept(&client).await {
            count += 1;
        }
    }
    let none = endpoint(&Shared::default(), |limits| limits.resumable_replies = 0);
    assert!(!is_kept(&connect(&none).await).await);
}

#[tokio::test]
async fn n_bytes_of_a_reply_are_kept_and_of_one_more_the_oldest_message_is_forgotten() {
    let report = || call(1, "report", json!({"times": 3}));
    let read = async |bytes: usize| {
        let endpoint = endpoint(&Shared::default(), |limits| {
            limits.resumable_bytes = u32::try_from(bytes).unwrap();
        });
        let client = connect(&endpoint).await;
        let mut reply = client.post(report()).await;
        // Only as long as nothing was read there is everything.
        let first = reply.event().await;
        (client, first.and_then(|event| event.id), reply)
    };
    let (_, _, reply) = read(1 << 20).await;
    let messages = reply.messages().await;
    let bytes: usize = messages.iter().map(|one| one.to_string().len()).sum();

    let (client, start, reply) = read(bytes).await;
    assert_eq!(reply.messages().await, messages);
    let again = client.resume(&start.unwrap()).await.messages().await;
    assert_eq!(again, messages);

    // The call says everything before the first byte is read, so this reader missed the first message.
    let (client, start, reply) = read(bytes - 1).await;
    assert_eq!(reply.messages().await, messages[1..]);
    let again = client.resume(&start.unwrap()).await.messages().await;
    assert_eq!(again, messages[1..]);
}

#[tokio::test]
async fn an_answer_longer_than_all_that_is_kept_arrives_and_can_be_taken_up_again() {
    let endpoint = endpoint(&Shared::default(), |limits| limits.resumable_bytes = 1);
    let client = connect(&endpoint).await;
    let mut reply = client.post(call(1, "report", json!({"times": 3}))).await;
    let start = primed(&mut reply).await;
    assert_eq!(brief(&reply.messages().await), ["\"3\""]);
    let again = client.resume(&start).await.messages().await;
    assert_eq!(brief(&again), ["\"3\""]);
}

#[allow(clippy::needless_pass_by_value)] // made at the place of the call
fn cancelled(params: Value) -> Value {
    json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params})
}

// [CAN-2]
#[tokio::test]
async fn a_cancelled_call_is_dropped_and_its_post_ends_without_an_answer() {
    let shared = Shared::default();
    let endpoint = endpoint(&shared, |limits| limits.in_flight = 1);
    for revision in REVISIONS {
        let client = Client::connect(&endpoint, revision, json!({})).await;
        for id in [json!(1), json!("1")] {
            let mut reply = client
                .post(call(id.clone(), "stroll", json!({"steps": 1})))
                .await;
            assert_eq!(
                reply.next().await.unwrap()["method"],
                "notifications/progress"
            );
            let note = cancelled(json!({"requestId": id, "reason": "enough"}));
            assert_eq!(client.post(note).await.status, 202);
            shared.ended.one().await;
            assert!(reply.messages().await.is_empty());
        }
        // One that has said nothing: cancelled until it has come and was.
        let until_it_is = async {
            loop {
                client.post(cancelled(json!({"requestId": 1}))).await;
                tokio::task::yield_now().await;
            }
        };
        let silent = call(1, "silent", json!({}));
        let mut reply = tokio::select! {
            reply = client.post(silent) => reply,
            () = until_it_is => unreachable!("it goes on until the call ends"),
        };
        shared.ended.one().await;
        assert_eq!((reply.status, reply.json().await), (202, Value::Null));
        // Its place is free, and so is its id.
        let sum = json!({"a": 1, "b": 2});
        assert_eq!(client.call("add", sum).await, "3");
    }
}

// [CAN-2b]
#[tokio::test]
async fn a_cancellation_of_something_else_changes_nothing() {
    let shared = Shared::default();
    let endpoint = endpoint(&shared, |_| {});
    for revision in REVISIONS {
        let client = Client::connect(&endpoint, revision, json!({})).await;
        let stranger = Client::connect(&endpoint, revision, json!({})).await;
        let mut reply = client.post(call(1, "stroll", json!({"steps": 1}))).await;
        reply.next().await.unwrap();
        client.ask("ping", json!({})).await;
        for params in [
            json!({"requestId": "1"}),
            json!({"requestId": 2}),
            json!({"requestId": 1.5}),
            json!({"requestId": null}),
            json!({"requestId": [1]}),
            json!({}),
            json!([1]),
        ] {
            let status = client.post(cancelled(params.clone())).await.status;
            assert_eq!(status, 202, "{params}");
        }
        let without = json!({"jsonrpc": "2.0", "method": "notifications/cancelled"});
        assert_eq!(client.post(without).await.status, 202);
        for other in [&stranger, &client.clone().session(None)] {
            let note = cancelled(json!({"requestId": 1}));
            assert_eq!(other.post(note).await.status, 202);
        }
        shared.gate.open();
        shared.ended.one().await;
        assert_eq!(brief(&reply.messages().await), ["1 2", "\"arrived\""]);
        // Too late, and twice.
        for _ in 0..2 {
            let note = cancelled(json!({"requestId": 1}));
            assert_eq!(client.post(note).await.status, 202);
        }
        let pong = client.post(request(1, "ping", json!({}))).await;
        assert_eq!(pong.status, 200);
    }
}

// [CAN-2b]
#[tokio::test]
async fn a_cancelled_reply_that_is_taken_up_again_has_ended() {
    let shared = Shared::default();
    let endpoint = endpoint(&shared, |_| {});
    let client = connect(&endpoint).await;
    let mut reply = client.post(call("a", "stroll", json!({"steps": 1}))).await;
    let start = primed(&mut reply).await;
    drop(reply);
    client.post(cancelled(json!({"requestId": "a"}))).await;
    shared.ended.one().await;
    let messages = client.resume(&start).await.messages().await;
    assert_eq!(brief(&messages), ["\"a\" 1"]);
}
