//! What a listener hears that is slow, impatient or gone.

use std::time::Duration;

use mcp_core::{EventBus, Heard};
use tokio::time::timeout;

use crate::server::Server;
use crate::{hear_until, in_time};

#[tokio::test]
async fn a_listener_that_is_not_asked_keeps_some_events_and_reports_a_gap() {
    const EVENTS: u32 = 5000;
    let Some(server) = Server::start().await else {
        return;
    };
    let bus = server.redis().bus();
    let mut events = bus.listen();
    server.listeners("sales:events", 1).await;
    let mut event = vec![b'x'; 4096];
    for number in 0..EVENTS {
        event[..4].copy_from_slice(&number.to_be_bytes());
        bus.publish(&event).await.unwrap();
    }

    let (mut expected, mut gaps) = (0, 0);
    in_time(async {
        while expected < EVENTS {
            match timeout(Duration::from_millis(100), events.next()).await {
                Ok(Heard::Gap) => gaps += 1,
                Ok(Heard::Event(event)) => {
                    let number = u32::from_be_bytes(*event.first_chunk().unwrap());
                    let is_next = number == expected;
                    assert!(
                        is_next || gaps > 0 && number > expected,
                        "{number}, not {expected}"
                    );
                    expected = number + 1;
                }
                // The last ones are in the gap, as one that is published now shows.
                Err(_) => bus.publish(&EVENTS.to_be_bytes()).await.unwrap(),
            }
        }
    })
    .await;
    assert!(gaps > 0);
    bus.publish(b"afterwards").await.unwrap();
    let (_, gaps) = hear_until(&mut *events, b"afterwards").await;
    assert_eq!(gaps, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_may_be_broken_off_at_any_time() {
    const EVENTS: u32 = 1000;
    let Some(server) = Server::start().await else {
        return;
    };
    let bus = server.redis().bus();
    let mut events = bus.listen();
    server.listeners("sales:events", 1).await;
    let publishing = tokio::spawn(async move {
        for number in 0..EVENTS {
            bus.publish(&number.to_be_bytes()).await.unwrap();
        }
    });
    in_time(async {
        let mut heard = Vec::new();
        while heard.len() < EVENTS as usize {
            tokio::select! {
                biased;
                event = events.next() => heard.push(event),
                () = tokio::task::yield_now() => {}
            }
        }
        let all = (0..EVENTS).map(|number| Heard::Event(number.to_be_bytes().to_vec()));
        assert!(heard.into_iter().eq(all));
    })
    .await;
    publishing.await.unwrap();
}

#[tokio::test]
async fn a_listener_that_is_dropped_leaves_redis() {
    let Some(server) = Server::start().await else {
        return;
    };
    let bus = server.redis().bus();
    let (mut one, other) = (bus.listen(), bus.listen());
    server.listeners("sales:events", 2).await;
    drop(other);
    server.listeners("sales:events", 1).await;
    // Only `bus` has a connection besides, which subscribes to nothing.
    let connections: String = server.ask("CLIENT LIST TYPE pubsub").await;
    assert_eq!(connections.lines().count(), 1);
    bus.publish(b"heard").await.unwrap();
    assert_eq!(hear_until(&mut *one, b"heard").await, (Vec::new(), 0));
    drop((one, bus));
    server.listeners("sales:events", 0).await;
}

#[test]
fn a_listener_may_be_made_before_there_is_a_runtime() {
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let Some(server) = runtime().block_on(Server::start()) else {
        return;
    };
    let bus = server.redis().bus();
    let mut events = bus.listen();
    runtime().block_on(async {
        let heard = hear_until(&mut *events, b"heard");
        let publishing = async {
            server.listeners("sales:events", 1).await;
            bus.publish(b"heard").await.unwrap();
        };
        assert_eq!(tokio::join!(heard, publishing).0, (Vec::new(), 0));
    });
    // The connection for commands went with the runtime; another takes its place.
    runtime().block_on(async { bus.publish(b"again").await.unwrap() });
}
