//! Several instances of one server, connected by a bus: a client can reach any of them.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mcp_core::http::Endpoint;
use mcp_core::{BusError, EventBus, Events, Heard, LocalBus, Server};
use mcp_tests::endpoint_client::{Client, Reply, call, local, request, result, send, text};
use mcp_tests::legacy_server::{self, Shared};
use mcp_tests::log;
use mcp_tests::message::modern;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

const LEGACY: &str = "2025-11-25";

/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// An instance that keeps in touch until it is dropped.
struct Instance {
    endpoint: Endpoint,
    shared: Shared,
    in_touch: JoinHandle<()>,
}

impl Instance {
    fn start(bus: impl EventBus) -> Self {
        let shared = Shared::default();
        let builder = legacy_server::builder(&shared).seal_with(legacy_server::keys());
        let server: Server = builder.event_bus(bus).build().unwrap();
        let endpoint = local(&server);
        let in_touch = tokio::spawn(async move { server.keep_in_touch().await });
        Self {
            endpoint,
            shared,
            in_touch,
        }
    }

    async fn client(&self) -> Client {
        Client::connect(&self.endpoint, LEGACY, json!({"elicitation": {}})).await
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.in_touch.abort();
    }
}

/// Two instances that hear each other.
async fn two(bus: impl EventBus + Clone) -> (Instance, Instance) {
    let (one, other) = (Instance::start(bus.clone()), Instance::start(bus));
    // A bus carries only to those that listen already.
    for (from, to) in [(&one, &other), (&other, &one)] {
        let mut stream = listen(&to.endpoint, json!({"toolsListChanged": true})).await;
        until(async || {
            say(&from.endpoint, "tools").await;
            let heard = tokio::time::timeout(Duration::from_millis(50), stream.next()).await;
            heard.is_ok()
        })
        .await;
    }
    (one, other)
}

/// Repeats something until it succeeds.
async fn until(mut attempt: impl AsyncFnMut() -> bool) {
    let repeated = async {
        while !attempt().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, repeated)
        .await
        .expect("never came true");
}

/// Has a function of this instance say that something changed.
async fn say(endpoint: &Endpoint, what: &str) {
    let message = modern(
        "tools/call",
        json!({"name": "change", "arguments": {"what": what}}),
    );
    let reply = send(endpoint, "POST", &message).await;
    let answer = reply.messages().await.pop().unwrap();
    assert_eq!(
        answer["result"]["content"][0]["text"], "changed",
        "{answer}"
    );
}

/// A subscription of 2026-07-28, acknowledged.
async fn listen(endpoint: &Endpoint, notifications: Value) -> Reply {
    let message = modern(
        "subscriptions/listen",
        json!({"notifications": notifications}),
    );
    let mut stream = send(endpoint, "POST", &message).await;
    let first = next(&mut stream).await;
    assert_eq!(first["method"], "notifications/subscriptions/acknowledged");
    stream
}

async fn next(stream: &mut Reply) -> Value {
    let message = tokio::time::timeout(PATIENCE, stream.next()).await;
    message.expect("nothing comes").expect("the stream ended")
}

/// A client that is being asked by this instance, and the stream on which it is.
async fn asked(instance: &Instance) -> (Client, Reply, Value) {
    let client = instance.client().await;
    let mut stream = client.post(call(1, "ask", json!({"what": "person"}))).await;
    let question = next(&mut stream).await;
    assert_eq!(question["method"], "elicitation/create");
    (client, stream, question)
}

fn named(name: &str) -> Value {
    json!({"action": "accept", "content": {"name": name}})
}

#[tokio::test]
async fn an_answer_that_reaches_one_instance_gets_to_the_one_that_asked() {
    let (one, other) = two(LocalBus::new()).await;
    let (client, stream, question) = asked(&one).await;
    let elsewhere = client.at(&other.endpoint);
    assert_eq!(elsewhere.answer(&question, named("Ann")).await, 202);
    let answer = tokio::time::timeout(PATIENCE, stream.messages())
        .await
        .unwrap();
    assert_eq!(text(&result(answer.last().unwrap().clone())), "Ann");
}

#[tokio::test]
async fn an_answer_of_another_client_counts_nowhere() {
    let (one, other) = two(LocalBus::new()).await;
    let (client, stream, question) = asked(&one).await;
    let stranger = other.client().await;
    assert_eq!(stranger.answer(&question, named("Eve")).await, 202);
    let elsewhere = client.at(&other.endpoint);
    assert_eq!(elsewhere.answer(&question, named("Ann")).await, 202);
    let answer = tokio::time::timeout(PATIENCE, stream.messages())
        .await
        .unwrap();
    assert_eq!(text(&result(answer.last().unwrap().clone())), "Ann");
}

#[tokio::test]
async fn a_change_that_one_instance_notices_is_heard_of_at_all() {
    let (one, other) = two(LocalBus::new()).await;
    let mut stream = listen(&other.endpoint, json!({"resourceSubscriptions": ["a://1"]})).await;
    say(&one.endpoint, "a://2").await;
    say(&one.endpoint, "a://1").await;
    assert_eq!(next(&mut stream).await["params"]["uri"], "a://1");
    let mut lists = listen(&other.endpoint, json!({"promptsListChanged": true})).await;
    say(&one.endpoint, "prompts").await;
    let heard = next(&mut lists).await;
    assert_eq!(heard["method"], "notifications/prompts/list_changed");
}

#[tokio::test]
async fn a_subscription_of_a_session_holds_at_every_instance() {
    let (one, other) = two(LocalBus::new()).await;
    let client = one.client().await;
    let elsewhere = client.clone().at(&other.endpoint);
    let mut stream = elsewhere.listen().await;
    assert_eq!(
        client
            .ask("resources/subscribe", json!({"uri": "a://1"}))
            .await,
        json!({})
    );
    until(async || {
        say(&one.endpoint, "a://1").await;
        let heard = tokio::time::timeout(Duration::from_millis(50), stream.next()).await;
        heard.is_ok_and(|heard| heard.unwrap()["params"]["uri"] == "a://1")
    })
    .await;
    assert_eq!(
        client
            .ask("resources/unsubscribe", json!({"uri": "a://1"}))
            .await,
        json!({})
    );
    until(async || {
        say(&one.endpoint, "a://1").await;
        let heard = tokio::time::timeout(Duration::from_millis(50), stream.next()).await;
        heard.is_err()
    })
    .await;
}

#[tokio::test]
async fn a_session_that_ended_at_one_instance_has_ended_at_all() {
    let (one, other) = two(LocalBus::new()).await;
    let client = one.client().await;
    let elsewhere = client.clone().at(&other.endpoint);
    let ping = || request(1, "ping", json!({}));
    assert_eq!(elsewhere.post(ping()).await.status, 200);
    assert_eq!(client.without_body("DELETE").await.status, 204);
    until(async || elsewhere.post(ping()).await.status == 404).await;
}

#[tokio::test]
async fn a_call_at_one_instance_can_be_cancelled_at_another() {
    let (one, other) = two(LocalBus::new()).await;
    let client = one.client().await;
    let mut stream = client.post(call(7, "stroll", json!({"steps": 1}))).await;
    assert_eq!(next(&mut stream).await["method"], "notifications/progress");
    let cancelled = json!({
        "jsonrpc": "2.0",
        "method": "notifications/cancelled",
        "params": {"requestId": 7},
    });
    let elsewhere = client.at(&other.endpoint);
    assert_eq!(elsewhere.post(cancelled).await.status, 202);
    until(async || one.shared.ended.count() == 1).await;
}

/// A bus that can be away.
#[derive(Clone)]
struct Unreliable {
    bus: LocalBus,
    away: Arc<AtomicBool>,
}

impl EventBus for Unreliable {
    fn publish<'b>(
        &'b self,
        event: &'b [u8],
    ) -> Pin<Box<dyn Future<Output = Result<(), BusError>> + Send + 'b>> {
        if self.away.load(Ordering::SeqCst) {
            return Box::pin(std::future::ready(Err(BusError::new("secret://away"))));
        }
        self.bus.publish(event)
    }

    fn listen(&self) -> Box<dyn Events> {
        self.bus.listen()
    }
}

#[tokio::test]
async fn while_the_bus_is_away_only_what_needs_it_is_refused_and_changes_wait() {
    let bus = Unreliable {
        bus: LocalBus::new(),
        away: Arc::default(),
    };
    let (one, other) = two(bus.clone()).await;
    let (client, stream, question) = asked(&one).await;
    let mut changes = listen(&other.endpoint, json!({"promptsListChanged": true})).await;
    bus.away.store(true, Ordering::SeqCst);

    let elsewhere = client.clone().at(&other.endpoint);
    let mut refused = elsewhere
        .post(json!({"jsonrpc": "2.0", "id": question["id"], "result": named("Ann")}))
        .await;
    assert_eq!(refused.status, 503);
    let error = refused.json().await.to_string();
    assert!(
        error.contains("try again") && !error.contains("secret"),
        "{error}"
    );
    assert_eq!(elsewhere.without_body("DELETE").await.status, 503);
    let other_client = other.client().await;
    let subscribe = request(1, "resources/subscribe", json!({"uri": "a://1"}));
    assert_eq!(other_client.post(subscribe).await.status, 503);
    // All the rest works.
    assert_eq!(other_client.call("add", json!({"a": 1, "b": 2})).await, "3");
    say(&one.endpoint, "prompts").await;

    bus.away.store(false, Ordering::SeqCst);
    let heard = next(&mut changes).await;
    assert_eq!(heard["method"], "notifications/prompts/list_changed");
    // The question is still open, at the instance that asked.
    assert_eq!(client.answer(&question, named("Ann")).await, 202);
    let answer = tokio::time::timeout(PATIENCE, stream.messages())
        .await
        .unwrap();
    assert_eq!(text(&result(answer.last().unwrap().clone())), "Ann");
}

#[tokio::test]
async fn the_log_hears_once_that_the_bus_is_away_and_once_that_it_is_back() {
    let bus = Unreliable {
        bus: LocalBus::new(),
        away: Arc::default(),
    };
    let (one, other) = two(bus.clone()).await;
    let mut changes = listen(&other.endpoint, json!({"promptsListChanged": true})).await;
    let client = one.client().await;
    let subscribe = || request(1, "resources/subscribe", json!({"uri": "a://1"}));
    let log = log::capture();
    let said = || {
        let lines = log.with("the event bus is");
        let of = |text| lines.iter().filter(|line| line.contains(text)).count();
        let (away, back) = (of("WARN message=the event bus is away"), of("is back"));
        assert_eq!(away + back, lines.len(), "{lines:?}");
        (away, back)
    };
    for outage in 1..=2 {
        bus.away.store(true, Ordering::SeqCst);
        say(&one.endpoint, "prompts").await;
        for _ in 0..3 {
            assert_eq!(client.post(subscribe()).await.status, 503);
        }
        assert_eq!(said(), (outage, outage - 1));
        bus.away.store(false, Ordering::SeqCst);
        assert_eq!(
            next(&mut changes).await["method"],
            "notifications/prompts/list_changed"
        );
        assert_eq!(client.post(subscribe()).await.status, 200);
        assert_eq!(said(), (outage, outage));
    }
}

/// A bus on which nothing but gaps is heard.
struct Gaps(Arc<tokio::sync::Notify>);

impl EventBus for Gaps {
    fn publish<'b>(
        &'b self,
        _: &'b [u8],
    ) -> Pin<Box<dyn Future<Output = Result<(), BusError>> + Send + 'b>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn listen(&self) -> Box<dyn Events> {
        Box::new(Self(Arc::clone(&self.0)))
    }
}

impl Events for Gaps {
    fn next<'e>(&'e mut self) -> Pin<Box<dyn Future<Output = Heard> + Send + 'e>> {
        Box::pin(async {
            self.0.notified().await;
            Heard::Gap
        })
    }
}

#[tokio::test]
async fn after_a_gap_everything_may_have_changed() {
    let gap = Arc::new(tokio::sync::Notify::new());
    let instance = Instance::start(Gaps(Arc::clone(&gap)));
    let wanted = json!({"promptsListChanged": true, "resourceSubscriptions": ["a://1"]});
    let mut stream = listen(&instance.endpoint, wanted).await;
    gap.notify_one();
    let first = next(&mut stream).await;
    assert_eq!(first["method"], "notifications/prompts/list_changed");
    assert_eq!(next(&mut stream).await["params"]["uri"], "a://1");
}
