//! What the core asks of any bus and any store.

use std::time::Duration;

use mcp_core::testing::{check_event_bus, check_single_use};
use mcp_core::{EventBus, SingleUse};
use mcp_fargate_adapter::Redis;

use crate::hear_until;
use crate::server::Server;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_bus_over_two_connections_keeps_to_the_contract() {
    let Some(server) = Server::start().await else {
        return;
    };
    let (one, other) = (server.redis().bus(), server.redis().bus());
    assert_eq!(check_event_bus(&one, &other).await, Ok(()));
    // Clones are the same bus, and share a connection for commands.
    assert_eq!(check_event_bus(&one, &one.clone()).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bus_keeps_to_the_contract_with_several_threads() {
    let Some(server) = Server::start().await else {
        return;
    };
    let (one, other) = (server.redis().bus(), server.redis().bus());
    assert_eq!(check_event_bus(&one, &other).await, Ok(()));
}

#[tokio::test]
async fn a_store_keeps_to_the_contract() {
    let Some(server) = Server::start().await else {
        return;
    };
    let store = server.redis().store();
    assert_eq!(check_single_use(&store).await, Ok(()));
    assert_eq!(check_single_use(&store).await, Ok(()));
}

#[tokio::test]
async fn what_one_instance_used_the_other_knows() {
    let Some(server) = Server::start().await else {
        return;
    };
    let (one, other) = (server.redis().store(), server.redis().store());
    for id in 0..16 {
        let id = [id; 16];
        let (first, second) = tokio::join!(one.consume(&id, MINUTE), other.consume(&id, MINUTE));
        assert!(first.unwrap() ^ second.unwrap());
    }
}

#[tokio::test]
async fn what_was_used_is_forgotten_by_itself() {
    let Some(server) = Server::start().await else {
        return;
    };
    let store = server.redis().store();
    assert!(store.consume(&[0xab; 16], MINUTE).await.unwrap());
    let key = format!("sales:used:{}", "ab".repeat(16));
    assert_eq!(server.ask::<Vec<String>>("KEYS *").await, [&*key]);
    let left: u128 = server.ask(&format!("PTTL {key}")).await;
    assert!((1..=MINUTE.as_millis()).contains(&left), "{left}");

    // The least that can be asked for, and more than Redis can count.
    assert!(store.consume(&[1; 16], Duration::ZERO).await.unwrap());
    for too_long in [
        Duration::MAX,
        Duration::from_millis(i64::MAX.unsigned_abs()),
    ] {
        assert!(store.consume(&[2; 16], too_long).await.is_err());
    }
}

#[tokio::test]
async fn servers_with_prefixes_of_their_own_do_not_meet() {
    let Some(server) = Server::start().await else {
        return;
    };
    let (sales, stock) = (server.redis(), server.redis().prefix("stock"));
    let mut at_stock = stock.bus().listen();
    server.listeners("stock:events", 1).await;
    sales.bus().publish(b"of sales").await.unwrap();
    stock.bus().publish(b"of stock").await.unwrap();
    assert_eq!(
        hear_until(&mut *at_stock, b"of stock").await,
        (Vec::new(), 0)
    );

    for redis in [sales, stock] {
        assert!(redis.store().consume(&[1; 16], MINUTE).await.unwrap());
    }
}

#[tokio::test]
async fn a_path_leads_to_redis_as_well() {
    let path = std::env::temp_dir().join(format!("mcp-redis-{}.sock", std::process::id()));
    let Some(server) = Server::stopped() else {
        return;
    };
    let mut server = server.arguments(&["--unixsocket", path.to_str().unwrap()]);
    server.run().await;
    let redis = Redis::new(&format!("unix://{}", path.display())).unwrap();
    assert_eq!(check_event_bus(&redis.bus(), &redis.bus()).await, Ok(()));
    drop(server);
    let _ = std::fs::remove_file(path);
}
