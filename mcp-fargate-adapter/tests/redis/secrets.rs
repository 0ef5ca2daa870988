//! Passwords, and users with few rights.

use std::time::Duration;

use mcp_core::testing::{check_event_bus, check_single_use};
use mcp_core::{EventBus, SingleUse};
use mcp_fargate_adapter::Redis;

use crate::server::Server;
use crate::{in_time, log};

const README: &str = include_str!("../../src/redis/README.md");

#[tokio::test]
async fn a_wrong_password_is_an_error_that_does_not_repeat_it() {
    let Some(server) = Server::stopped() else {
        return;
    };
    let mut server = server.password("hunter2-right");
    server.run().await;
    let right = server.redis();
    assert_eq!(check_event_bus(&right.bus(), &right.bus()).await, Ok(()));

    let wrong = Redis::new(&server.url(":hunter2-wrong")).unwrap();
    let (bus, store) = (wrong.bus(), wrong.store());
    let events = bus.listen();
    let mut texts = Vec::new();
    for _ in 0..3 {
        let error = in_time(bus.publish(b"lost")).await.unwrap_err();
        let used = store.consume(&[1; 16], Duration::from_secs(60));
        let refused = in_time(used).await.unwrap_err();
        texts.extend([error.to_string(), format!("{refused:?}")]);
    }
    assert!(
        texts.iter().all(|text| text.contains("WRONGPASS")),
        "{texts:?}"
    );
    texts.extend([
        format!("{wrong:?} {bus:?} {store:?}"),
        format!("{right:#?} {:#?} {:#?}", right.bus(), right.store()),
    ]);
    texts.extend(log::with(&server.address()));
    assert!(texts.len() > 8, "the log says nothing");
    assert!(
        !texts.iter().any(|text| text.contains("hunter2")),
        "{texts:?}"
    );
    drop(events);
}

#[tokio::test]
async fn the_user_that_the_readme_advises_has_the_rights_it_needs_and_no_others() {
    let Some(server) = Server::start().await else {
        return;
    };
    let line = README.lines().find(|line| line.starts_with("ACL SETUSER"));
    let line = line.unwrap().replace("PASSWORD", "secret");
    server.ask::<()>(&line).await;

    let redis = Redis::new(&server.url("sales:secret")).unwrap();
    let sales = redis.clone().prefix("sales");
    assert_eq!(check_event_bus(&sales.bus(), &sales.bus()).await, Ok(()));
    assert_eq!(check_single_use(&sales.store()).await, Ok(()));

    let stock = redis.prefix("stock");
    let error = stock.bus().publish(b"lost").await.unwrap_err().to_string();
    assert!(error.contains("no permissions"), "{error}");
    let used = stock
        .store()
        .consume(&[1; 16], Duration::from_secs(60))
        .await;
    assert!(format!("{:?}", used.unwrap_err()).contains("no permissions"));
    // A listener goes on trying, and says so once.
    let events = stock.bus().listen();
    in_time(async {
        while log::with(&server.address()).is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    let lines = log::with(&server.address());
    assert!(lines[0].contains("no permissions"), "{lines:?}");
    drop(events);
}
