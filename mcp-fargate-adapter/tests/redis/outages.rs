//! Redis comes and goes.

use std::time::Duration;

use mcp_core::{BusError, EventBus, Heard, SingleUse};
use mcp_fargate_adapter::RedisBus;

use crate::server::Server;
use crate::{hear_until, in_time, log};

/// Publishes until Redis takes an event. Returns that event.
async fn publish_again(bus: &RedisBus) -> Vec<u8> {
    in_time(async {
        for number in 0_u32.. {
            let event = [b"again", &number.to_be_bytes()[..]].concat();
            if bus.publish(&event).await.is_ok() {
                return event;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        unreachable!()
    })
    .await
}

async fn fails(bus: &RedisBus) -> BusError {
    in_time(bus.publish(b"lost")).await.unwrap_err()
}

/// How often the log says that the Redis at an address went away, and that it came back.
fn said(server: &Server) -> (usize, usize) {
    let lines = log::with(&server.address());
    let count = |text: &str| lines.iter().filter(|line| line.contains(text)).count();
    assert_eq!(
        count("Redis is away") + count("Redis is back"),
        lines.len(),
        "{lines:?}"
    );
    (
        count("WARN message=Redis is away"),
        count("INFO message=Redis is back"),
    )
}

#[tokio::test]
async fn after_each_outage_there_is_one_gap_and_all_goes_on() {
    let Some(mut server) = Server::start().await else {
        return;
    };
    let redis = server.redis();
    let (bus, store) = (redis.bus(), redis.store());
    let mut events = bus.listen();
    server.listeners("sales:events", 1).await;
    bus.publish(b"before").await.unwrap();
    assert_eq!(hear_until(&mut *events, b"before").await, (Vec::new(), 0));
    for outage in 1..=3 {
        server.kill();
        for _ in 0..10 {
            let error = fails(&bus).await.to_string();
            assert!(error.contains(&server.address()), "{error}");
            let used = in_time(store.consume(&[1; 16], Duration::from_secs(60))).await;
            assert!(used.is_err());
            // Whoever waits meanwhile hears nothing, and may stop waiting.
            let heard = tokio::time::timeout(Duration::from_millis(5), events.next()).await;
            assert!(heard.is_err());
        }
        server.run().await;
        server.listeners("sales:events", 1).await;
        let last = publish_again(&bus).await;
        assert_eq!(hear_until(&mut *events, &last).await.1, 1);
        assert!(
            store
                .consume(&[1; 16], Duration::from_secs(60))
                .await
                .unwrap()
        );
        assert_eq!(said(&server), (outage, outage));
    }
    bus.publish(b"at last").await.unwrap();
    assert_eq!(hear_until(&mut *events, b"at last").await, (Vec::new(), 0));
}

#[tokio::test]
async fn a_connection_that_redis_ends_is_a_gap_and_no_more() {
    let Some(server) = Server::start().await else {
        return;
    };
    let bus = server.redis().bus();
    let mut events = bus.listen();
    for _ in 0..3 {
        server.listeners("sales:events", 1).await;
        let ended: usize = server.ask("CLIENT KILL TYPE pubsub").await;
        assert_eq!(ended, 1);
        assert_eq!(in_time(events.next()).await, Heard::Gap);
        bus.publish(b"after").await.unwrap();
        assert_eq!(hear_until(&mut *events, b"after").await, (Vec::new(), 0));
    }
}

#[tokio::test]
async fn a_connection_for_commands_that_redis_ends_is_replaced() {
    let Some(server) = Server::start().await else {
        return;
    };
    let bus = server.redis().bus();
    let mut events = bus.listen();
    server.listeners("sales:events", 1).await;
    for _ in 0..5 {
        bus.publish(b"one").await.unwrap();
        server.ask::<usize>("CLIENT KILL TYPE normal").await;
        let last = publish_again(&bus).await;
        assert_eq!(hear_until(&mut *events, &last).await.1, 0);
    }
    assert_eq!(said(&server), (0, 0));
}

#[tokio::test]
async fn a_server_starts_while_redis_is_away() {
    let Some(mut server) = Server::stopped() else {
        return;
    };
    let redis = server.redis();
    let (bus, store) = (redis.bus(), redis.store());
    let mut events = bus.listen();
    let error = fails(&bus).await.to_string();
    assert!(error.contains("refused"), "{error}");
    assert!(
        store
            .consume(&[1; 16], Duration::from_secs(60))
            .await
            .is_err()
    );
    server.run().await;
    server.listeners("sales:events", 1).await;
    let last = publish_again(&bus).await;
    // Something may have happened since it was asked to listen.
    assert_eq!(hear_until(&mut *events, &last).await.1, 1);
    assert!(
        store
            .consume(&[1; 16], Duration::from_secs(60))
            .await
            .unwrap()
    );
    assert_eq!(said(&server), (1, 1));
}

#[tokio::test]
async fn a_redis_that_hangs_is_an_error_and_then_goes_on() {
    let Some(server) = Server::start().await else {
        return;
    };
    let bus = server.redis().bus();
    let mut events = bus.listen();
    server.listeners("sales:events", 1).await;
    bus.publish(b"before").await.unwrap();
    assert_eq!(hear_until(&mut *events, b"before").await, (Vec::new(), 0));
    server.signal("STOP");
    let error = fails(&bus).await.to_string();
    assert!(error.contains("no answer in 1.5s"), "{error}");
    let error = fails(&bus).await.to_string();
    assert!(error.contains("no connection in 1.5s"), "{error}");
    // Not asked again before the pause is over.
    server.signal("CONT");
    let last = publish_again(&bus).await;
    // The first one did arrive, which an error does not rule out; the connection never ended.
    let (heard, gaps) = hear_until(&mut *events, &last).await;
    assert_eq!((heard.first(), gaps), (Some(&b"lost".to_vec()), 0));
}

#[tokio::test]
async fn many_that_publish_while_redis_is_away_all_get_an_error() {
    let Some(server) = Server::stopped() else {
        return;
    };
    let bus = server.redis().bus();
    let publishing: Vec<_> = (0..200)
        .map(|_| {
            let bus = bus.clone();
            tokio::spawn(async move { bus.publish(b"lost").await.is_err() })
        })
        .collect();
    for publishing in publishing {
        assert!(in_time(publishing).await.unwrap());
    }
    assert_eq!(said(&server), (1, 0));
}
