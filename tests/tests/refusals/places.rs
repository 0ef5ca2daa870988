//! What is refused for want of room, and while something that the server needs is away.

use std::pin::Pin;
use std::time::Duration;

use mcp_core::audit::Audit;
use mcp_core::http::Endpoint;
use mcp_core::intercept::RateLimit;
use mcp_core::{
    Answer, BusError, Context, EventBus, Events, Limits, LocalBus, Result, Server, ServerBuilder,
    SingleUse, StoreError, server_info, tool, tools,
};
use mcp_tests::asking_server::{Amount, amount};
use mcp_tests::endpoint_client::{Client, local, request};
use mcp_tests::ledger::Ledger;
use mcp_tests::message::{Message, call, modern};
use mcp_tests::rounds::{Call, keys};
use mcp_tests::tokens::Tokens;
use serde_json::json;

use crate::Seen;
use crate::endpoint::{builder, of_reply, refused};

/// Never ends.
#[tool]
async fn hangs() {
    std::future::pending::<()>().await;
}

/// Changes nothing.
#[tool(read_only)]
fn looks() -> &'static str {
    "seen"
}

/// Pays once, if somebody says how much.
#[tool(single_use)]
async fn pay(cx: &Context) -> Result<String> {
    Ok(match cx.elicit::<Amount>("amount", "How much?").await? {
        Answer::Accepted(_) => "paid",
        _ => "not paid",
    }
    .to_owned())
}

fn with(server: ServerBuilder<()>) -> Endpoint {
    local(&server.tools(tools![hangs, looks]).build().unwrap())
}

fn limited(change: impl FnOnce(&mut Limits)) -> ServerBuilder<()> {
    let mut limits = Limits::default();
    change(&mut limits);
    builder().limits(limits)
}

fn nothing() -> Message {
    call("nothing", json!({}))
}

pub(crate) async fn refusals() -> Vec<Seen> {
    let mut seen = calls().await;
    seen.extend(streams().await);
    seen.extend(away().await);
    seen
}

/// What is refused while `hangs` runs: a call takes its place when it is polled for the first time.
async fn meanwhile(endpoint: &Endpoint, message: Message, change: &'static str) -> Seen {
    let hanging = call("hangs", json!({})).from_caller("ann");
    let mut running = Box::pin(mcp_tests::endpoint_client::send(endpoint, "POST", &hanging));
    assert!(futures_poll(&mut running).await, "it does not hang");
    refused(endpoint, message.from_caller("ann"), change).await
}

/// Polls once; whether it is still under way.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> bool {
    std::future::poll_fn(|cx| std::task::Poll::Ready(Pin::new(&mut *future).poll(cx).is_pending()))
        .await
}

async fn calls() -> Vec<Seen> {
    let all = with(limited(|limits| limits.in_flight = 1));
    let own = with(limited(|limits| limits.in_flight_per_caller = 1).caller_source(Tokens));
    let tool = with(builder().tool_concurrency("hangs", 1));
    let rate = with(builder().interceptor(RateLimit::per_caller(1, Duration::from_secs(60))));
    refused_not(&rate).await;
    vec![
        meanwhile(&all, nothing(), "try again in a moment").await,
        meanwhile(&own, nothing(), "wait until one of them has ended").await,
        meanwhile(&tool, call("hangs", json!({})), "come again in 1 second").await,
        refused(&rate, nothing(), "come again in").await,
    ]
}

/// The one call that a rate admits.
async fn refused_not(endpoint: &Endpoint) {
    let reply = mcp_tests::endpoint_client::send(endpoint, "POST", &nothing()).await;
    assert_eq!(reply.status, 200);
}

async fn streams() -> Vec<Seen> {
    let wanted = json!({"notifications": {"toolsListChanged": true}});
    let none = with(limited(|limits| limits.subscriptions = 0).list_changes());
    let one = with(limited(|limits| limits.remembered_clients = 1));
    let connect = async || Client::connect(&one, "2025-11-25", json!({})).await;
    let (first, second) = (connect().await, connect().await);
    let _stream = first.listen().await;
    let level = request(1, "logging/setLevel", json!({"level": "error"}));
    vec![
        refused(
            &none,
            modern("subscriptions/listen", wanted),
            "try again later",
        )
        .await,
        of_reply(second.post(level).await, "try again later").await,
        of_reply(second.without_body("GET").await, "try again later").await,
    ]
}

/// A bus that nothing is sent over, and a store that knows nothing.
struct Nowhere;

impl EventBus for Nowhere {
    fn publish<'b>(
        &'b self,
        _: &'b [u8],
    ) -> Pin<Box<dyn Future<Output = std::result::Result<(), BusError>> + Send + 'b>> {
        Box::pin(std::future::ready(Err(BusError::new("away"))))
    }

    fn listen(&self) -> Box<dyn Events> {
        LocalBus::new().listen()
    }
}

impl SingleUse for Nowhere {
    fn consume<'s>(
        &'s self,
        _: &'s [u8; 16],
        _: Duration,
    ) -> Pin<Box<dyn Future<Output = std::result::Result<bool, StoreError>> + Send + 's>> {
        Box::pin(std::future::ready(Err(StoreError::new("away"))))
    }
}

async fn away() -> Vec<Seen> {
    let bus = with(builder().event_bus(Nowhere));
    let client = Client::connect(&bus, "2025-11-25", json!({})).await;
    let level = request(1, "logging/setLevel", json!({"level": "error"}));

    let store = Server::new(server_info!(), ()).tools(tools![pay]);
    let store = store.single_use_store(Nowhere).seal_with(keys());
    let store = local(&store.build().unwrap());
    let paying = Call::tool("pay", json!({}));
    let asked = paying.send(&store).await;
    let used = paying.resumed(asked.state(), amount(3));

    let ledger = Ledger::new();
    ledger.fail();
    let records = with(builder().audit(Audit::to(ledger).intents().fail_closed()));
    vec![
        of_reply(client.post(level).await, "try again in a while").await,
        refused(&store, used, "try again later").await,
        refused(&records, nothing(), "it was not run; try again later").await,
        refused(
            &records,
            call("looks", json!({})),
            "it may have taken effect",
        )
        .await,
    ]
}
