//! The bus and the store over a real Redis, which each test starts for itself.
#![cfg(feature = "redis")]

mod contracts;
mod environment;
mod listening;
mod log;
mod outages;
mod secrets;
mod server;
#[cfg(feature = "redis-tls")]
mod tls;

use std::time::Duration;

use mcp_core::{Events, Heard};

/// How long anything may take before a test fails that would otherwise wait for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fails after a while instead of never.
async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what)
        .await
        .expect("it takes for ever")
}

/// Hears up to this event. What was heard before it: the events, and how many gaps.
async fn hear_until(events: &mut dyn Events, last: &[u8]) -> (Vec<Vec<u8>>, usize) {
    in_time(async {
        let (mut heard, mut gaps) = (Vec::new(), 0);
        loop {
            match events.next().await {
                Heard::Event(event) if event == last => return (heard, gaps),
                Heard::Event(event) => heard.push(event),
                Heard::Gap => gaps += 1,
            }
        }
    })
    .await
}
