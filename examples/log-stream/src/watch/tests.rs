//! What subscribers hear.

use std::ffi::OsStr;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use mcp_core::HostError;
use mcp_core::testing::Client;
use serde_json::json;

use super::{REST, Watch, interval};
use crate::resources::log_tail;
use crate::testing::{Desk, Subscriber};

/// So long that a test fails if it is what the watcher waits for.
const NEVER: Duration = Duration::from_secs(3600);

/// A log that is watched, and somebody who subscribed to its tail.
async fn watched(desk: &Desk, interval: Duration) -> Result<(String, Subscriber), HostError> {
    desk.write("a.log", "one\n")?;
    let watch = Watch::start(Arc::clone(&desk.logs), interval)?;
    tokio::spawn(watch.run(desk.server.notifier().clone()));
    let uri = log_tail::uri("a.log");
    let subscriber = desk.subscriber(&uri).await;
    Ok((uri, subscriber))
}

#[tokio::test]
async fn a_subscriber_hears_of_new_lines() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let (uri, mut subscriber) = watched(&desk, NEVER).await?;
    for tail in ["one\ntwo\n", "one\ntwo\ntwo\n"] {
        desk.append("a.log", "two\n")?;
        subscriber.reads(&desk, &uri, tail).await;
    }
    Ok(())
}

#[tokio::test]
async fn a_rotation_is_heard_of_and_the_new_file_is_read() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let (uri, mut subscriber) = watched(&desk, NEVER).await?;
    desk.rename("a.log", "a.log.1")?;
    desk.write("a.log", "new\n")?;
    subscriber.reads(&desk, &uri, "new\n").await;
    assert_eq!(desk.read(&log_tail::uri("a.log.1")).await, "one\n");
    desk.append("a.log", "newer\n")?;
    subscriber.reads(&desk, &uri, "new\nnewer\n").await;
    Ok(())
}

#[tokio::test]
async fn a_truncation_is_heard_of() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let (uri, mut subscriber) = watched(&desk, NEVER).await?;
    desk.write("a.log", "")?;
    subscriber.reads(&desk, &uri, "").await;
    desk.append("a.log", "new\n")?;
    subscriber.reads(&desk, &uri, "new\n").await;
    Ok(())
}

#[tokio::test]
async fn a_log_that_goes_is_heard_of_and_not_found_until_it_comes_again() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let (uri, mut subscriber) = watched(&desk, NEVER).await?;
    fs::remove_file(desk.path("a.log"))?;
    subscriber.hears_that("resources/updated").await;
    let read = desk.ask("resources/read", json!({"uri": uri})).await;
    assert_eq!(read["error"]["code"], -32602, "{read}");
    desk.write("a.log", "again\n")?;
    subscriber.reads(&desk, &uri, "again\n").await;
    Ok(())
}

#[tokio::test]
async fn the_list_changes_when_logs_come_and_go_and_not_when_they_grow() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let (_, mut subscriber) = watched(&desk, NEVER).await?;
    // A log that nobody subscribed to is heard of as a part of the list alone.
    desk.write("b.log", "b\n")?;
    assert_eq!(subscriber.hears().await, "resources/list_changed");
    desk.append("b.log", "b\n")?;
    fs::remove_file(desk.path("a.log"))?;
    let heard = [subscriber.hears().await, subscriber.hears().await];
    assert!(
        heard.contains(&"resources/list_changed".to_owned()),
        "{heard:?}"
    );
    assert!(heard.contains(&"resources/updated".to_owned()), "{heard:?}");
    Ok(())
}

/// As over a network, where what others write is never reported. In virtual time, so that nobody
/// waits for the interval.
#[tokio::test(start_paused = true)]
async fn without_reports_a_change_is_found_by_looking() -> Result<(), HostError> {
    let desk = Desk::new()?;
    desk.write("a.log", "one\n")?;
    let mut watch = Watch::start(Arc::clone(&desk.logs), Duration::from_secs(10))?;
    watch.reported = Arc::default(); // that nobody marks
    tokio::spawn(watch.run(desk.server.notifier().clone()));
    let uri = log_tail::uri("a.log");
    let mut subscriber = desk.subscriber(&uri).await;
    desk.append("a.log", "two\n")?;
    subscriber.reads(&desk, &uri, "one\ntwo\n").await;
    Ok(())
}

#[tokio::test]
async fn a_directory_that_is_gone_has_no_logs_until_it_is_there_again() -> Result<(), HostError> {
    let desk = Desk::new()?;
    let (uri, mut subscriber) = watched(&desk, Duration::from_millis(100)).await?;
    fs::rename(desk.path(""), desk.path("").with_extension("gone"))?;
    subscriber.hears_that("resources/list_changed").await;
    fs::rename(desk.path("").with_extension("gone"), desk.path(""))?;
    subscriber.reads(&desk, &uri, "one\n").await;
    Ok(())
}

/// Two seconds of virtual time, in which the file grows every millisecond.
#[tokio::test(start_paused = true)]
async fn a_file_that_grows_all_the_time_is_told_of_twice_a_second() -> Result<(), HostError> {
    let desk = Desk::new()?;
    desk.write("a.log", "one\n")?;
    let watch = Watch::start(Arc::clone(&desk.logs), Duration::from_secs(1))?;
    let reported = Arc::clone(&watch.reported);
    tokio::spawn(watch.run(desk.server.notifier().clone()));
    let growing = async {
        for _ in 0..2000 {
            desk.append("a.log", "more\n").unwrap();
            reported.notify_one();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        desk.server.end_subscriptions();
    };
    let message = json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "subscriptions/listen",
        "params": {
            "notifications": {"resourceSubscriptions": [log_tail::uri("a.log")]},
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        },
    });
    let (client, message) = (Client::new(&desk.server), message.to_string());
    let (heard, ()) = tokio::join!(client.send(&message), growing);
    let updates = heard
        .iter()
        .filter(|message| message["method"] == "notifications/resources/updated");
    let updates = u32::try_from(updates.count())?;
    let most = u32::try_from(Duration::from_secs(2).as_millis() / REST.as_millis())? + 1;
    assert!((2..=most).contains(&updates), "{updates}");
    Ok(())
}

#[test]
fn the_interval_is_ten_seconds_unless_it_is_set_to_something_sensible() {
    assert_eq!(interval(None).unwrap(), Duration::from_secs(10));
    for (text, seconds) in [("1", 1), ("3600", 3600)] {
        assert_eq!(
            interval(Some(OsStr::new(text))).unwrap(),
            Duration::from_secs(seconds)
        );
    }
    for text in ["", "0", "3601", "-1", "1.5", "2s"] {
        let refused = interval(Some(OsStr::new(text))).unwrap_err().to_string();
        assert!(
            refused.contains("`LOG_POLL_SECONDS`") && refused.contains(text),
            "{refused}"
        );
    }
}
