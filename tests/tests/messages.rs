//! What a call says before its answer, over HTTP: log messages, progress, and nothing else; and what a
//! cancellation does to it.

use std::net::SocketAddr;

use mcp_core::{Server, server_info};
use mcp_tests::Result;
use mcp_tests::message::{Message, call, json, legacy, modern};
use mcp_tests::talk::{self, LEVELS};
use mcp_tests::wire::{Connection, host};
use serde_json::{Value, json};

const LEGACY_OVER_HTTP: [&str; 3] = ["2025-03-26", "2025-06-18", "2025-11-25"];

async fn talkative() -> Result<SocketAddr> {
    host(talk::server()?).await
}

fn logs(text: &str) -> Message {
    call("logs", json!({"text": text}))
}

/// The levels and data of log messages, and after them nothing but the answer.
fn logged(messages: &[Value]) -> Vec<(&str, &Value)> {
    let (answer, said) = messages.split_last().unwrap();
    assert_eq!(answer["result"]["content"][0]["text"], "logged");
    said.iter()
        .map(|message| {
            assert_eq!(message["method"], "notifications/message");
            let level = message["params"]["level"].as_str().unwrap();
            (level, &message["params"]["data"])
        })
        .collect()
}

// [LOG-1] [LOG-1b]
#[tokio::test]
async fn messages_from_the_wanted_level_on_come_before_the_answer() -> Result<()> {
    let address = talkative().await?;
    let mut connection = Connection::open(address).await?;
    assert!(logged(&connection.messages(&logs("a")).await?).is_empty());
    for (index, (_, level)) in LEVELS.iter().enumerate() {
        let said = connection.messages(&logs("a").log_level(level)).await?;
        let levels: Vec<&str> = logged(&said).iter().map(|(level, _)| *level).collect();
        let expected: Vec<&str> = LEVELS[index..].iter().map(|(_, level)| *level).collect();
        assert_eq!(levels, expected);
    }
    Ok(())
}

// [LOG-1b]
#[tokio::test]
async fn calls_at_once_get_their_own_messages_of_their_own_level() -> Result<()> {
    let address = talkative().await?;
    let call = async |text: &str, level: &str| {
        let mut connection = Connection::open(address).await?;
        connection.messages(&logs(text).log_level(level)).await
    };
    let (quiet, loud) = tokio::join!(call("quiet", "critical"), call("loud", "debug"));
    for (messages, text, count) in [(quiet?, "quiet", 3), (loud?, "loud", 8)] {
        let said = logged(&messages);
        assert_eq!(said.len(), count);
        assert!(said.iter().all(|(_, data)| *data == text), "{said:?}");
    }
    Ok(())
}

// [LOG-2]
#[tokio::test]
async fn a_level_that_there_is_not_is_refused() -> Result<()> {
    let mut connection = Connection::open(talkative().await?).await?;
    for level in [
        json!("verbose"),
        json!("INFO"),
        json!(""),
        json!(7),
        Value::Null,
    ] {
        let message = logs("a").meta("io.modelcontextprotocol/logLevel", level.clone());
        let (_, refused) = connection.ask(&message).await?;
        assert_eq!(refused["error"]["code"], -32602, "{level}");
    }
    Ok(())
}

// [LOG-2b]
#[tokio::test]
async fn a_server_that_can_log_declares_it_and_one_that_cannot_has_no_level_to_set() -> Result<()> {
    let empty = host(Server::new(server_info!(), ()).build()?).await?;
    for (address, declared) in [(talkative().await?, true), (empty, false)] {
        let mut connection = Connection::open(address).await?;
        let (_, found) = connection
            .ask(&modern("server/discover", json!({})))
            .await?;
        let capability = declared.then_some(json!({}));
        assert_eq!(
            found["result"]["capabilities"].get("logging"),
            capability.as_ref()
        );
        for revision in LEGACY_OVER_HTTP.into_iter().chain(["2024-11-05"]) {
            let params = json!({"protocolVersion": revision, "capabilities": {}, "clientInfo": {}});
            let (_, begun) = connection
                .ask(&legacy(revision, "initialize", params))
                .await?;
            assert_eq!(begun["result"]["protocolVersion"], revision);
            assert_eq!(
                begun["result"]["capabilities"].get("logging"),
                capability.as_ref()
            );
            let level = legacy(revision, "logging/setLevel", json!({"level": "error"}));
            let (_, set) = connection.ask(&level).await?;
            if declared {
                assert_eq!(set["result"], json!({}));
            } else {
                assert_eq!(set["error"]["code"], -32601);
            }
        }
    }
    Ok(())
}

// [PROG-1] [PROG-1b] [PROG-1c] [PROG-1d]
#[tokio::test]
async fn progress_grows_under_the_token_of_its_request_until_the_answer() -> Result<()> {
    let mut connection = Connection::open(talkative().await?).await?;
    let reports = || call("reports", json!({}));
    assert_eq!(connection.messages(&reports()).await?.len(), 1);
    for token in [json!("t"), json!(5), json!("5")] {
        let said = connection
            .messages(&reports().progress(token.clone()))
            .await?;
        assert_eq!(said.len(), 3, "{said:?}");
        for (message, progress) in said.iter().zip([json!(1), json!(2.5)]) {
            assert_eq!(message["method"], "notifications/progress");
            let params = json!({"progressToken": token, "progress": progress});
            assert_eq!(message["params"], params);
        }
        assert!(said[2]["result"].is_object());
    }
    // Nor does a function that goes on after its time say anything more.
    let overruns = call("overruns", json!({})).progress("o").log_level("debug");
    let said = connection.messages(&overruns).await?;
    assert_eq!(said.last().unwrap()["result"]["isError"], true);
    let waits = call("awaits_the_last_word", json!({}));
    assert_eq!(connection.messages(&waits).await?.len(), 1);
    Ok(())
}

// [CAN-2b]
#[tokio::test]
async fn a_cancellation_that_names_nothing_does_no_harm() -> Result<()> {
    let address = talkative().await?;
    let mut running = Connection::open(address).await?;
    let ticks = call("ticks", json!({})).progress(1);
    assert_eq!(running.post(&ticks).await?.status, 200);
    let mut connection = Connection::open(address).await?;
    for revision in LEGACY_OVER_HTTP.into_iter().chain(["2026-07-28"]) {
        for params in [
            json!({"requestId": 7}),
            json!({"requestId": "nope"}),
            json!({"requestId": null}),
            json!({"requestId": 1.5}),
            json!({"requestId": 7, "reason": 5}),
            json!({}),
            json!([]),
            Value::Null,
        ] {
            let note =
                json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params});
            let note = json(note).header("mcp-protocol-version", revision);
            let head = connection.post(&note).await?;
            assert_eq!(
                (head.status, connection.body().await?.len()),
                (202, 0),
                "{params}"
            );
        }
        // Whatever was cancelled, it was not this one.
        assert_eq!(
            running.next().await?.unwrap()["method"],
            "notifications/progress"
        );
    }
    // Nor is there one without parameters.
    let bare = json(json!({"jsonrpc": "2.0", "method": "notifications/cancelled"}));
    assert_eq!(connection.post(&bare).await?.status, 202);
    Ok(())
}
