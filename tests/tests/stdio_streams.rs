//! Many conversations on one standard input and output: subscriptions, cancellations and what calls
//! say, each under its own id and none after its end.

use mcp_tests::Result;
use mcp_tests::message::{Message, call, json, legacy, modern};
use mcp_tests::process::terminate;
use mcp_tests::stdio_client::Session;
use serde_json::{Value, json};

const LEGACY: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

fn start() -> Result<Session> {
    Session::start(env!("CARGO_BIN_EXE_talkative"))
}

fn listen(id: impl Into<Value>, notifications: &Value) -> Message {
    let params = json!({"notifications": notifications});
    modern("subscriptions/listen", params).id(id)
}

fn change(id: u32, what: &str) -> Message {
    call("change", json!({"what": what})).id(id)
}

fn cancel(params: &Value) -> Message {
    json(json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}))
}

/// What belongs to a subscription: its id, and the method without what all have in common.
fn heard(message: &Value) -> (&Value, &str) {
    let method = message["method"].as_str().unwrap_or_default();
    (
        &message["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"],
        method.trim_start_matches("notifications/"),
    )
}

/// Opens the subscriptions `1`, of tools, and `"b"`, of prompts and tools.
async fn subscribed() -> Result<Session> {
    let mut session = start()?;
    let tools = json!({"toolsListChanged": true});
    let both = json!({"toolsListChanged": true, "promptsListChanged": true});
    session.send(&listen(1, &tools)).await?;
    let first = session.next().await?;
    assert_eq!(heard(&first), (&json!(1), "subscriptions/acknowledged"));
    assert_eq!(first["params"]["notifications"], tools);
    session.send(&listen("b", &both)).await?;
    let second = session.next().await?;
    assert_eq!(heard(&second), (&json!("b"), "subscriptions/acknowledged"));
    assert_eq!(second["params"]["notifications"], both);
    Ok(session)
}

/// What the subscriptions hear of a change, in the order of their ids.
async fn told(session: &mut Session, id: u32, what: &str, count: usize) -> Result<Vec<Value>> {
    let mut messages = session.ask(&change(id, what)).await?;
    messages.pop();
    while messages.len() < count {
        messages.push(session.next().await?);
    }
    messages.sort_by_key(|message| heard(message).0.to_string());
    Ok(messages)
}

// [SUB-1] [SUB-2] [SUB-3] [SUB-4]
#[tokio::test]
async fn subscriptions_share_the_output_and_keep_their_ids_apart() -> Result<()> {
    let mut session = subscribed().await?;
    let tools = told(&mut session, 10, "tools", 2).await?;
    assert_eq!(heard(&tools[0]), (&json!("b"), "tools/list_changed"));
    assert_eq!(heard(&tools[1]), (&json!(1), "tools/list_changed"));
    for what in ["resources", "a://1"] {
        assert!(told(&mut session, 11, what, 0).await?.is_empty());
    }
    let prompts = told(&mut session, 12, "prompts", 1).await?;
    assert_eq!(heard(&prompts[0]), (&json!("b"), "prompts/list_changed"));
    session.close();
    // The two that end, each with a cancellation and a result, and nothing else.
    assert_eq!(session.end().await?.0.len(), 4);
    Ok(())
}

// [SUB-5] [CAN-2]
#[tokio::test]
async fn nothing_comes_for_a_subscription_that_its_client_cancelled() -> Result<()> {
    let mut session = subscribed().await?;
    session.send(&cancel(&json!({"requestId": 1}))).await?;
    let tools = told(&mut session, 10, "tools", 1).await?;
    assert_eq!(heard(&tools[0]), (&json!("b"), "tools/list_changed"));
    // The id is free for another.
    let again = json!({"resourceSubscriptions": ["a://1"]});
    session.send(&listen(1, &again)).await?;
    let first = session.next().await?;
    assert_eq!(heard(&first), (&json!(1), "subscriptions/acknowledged"));
    let updated = told(&mut session, 11, "a://1", 1).await?;
    assert_eq!(heard(&updated[0]), (&json!(1), "resources/updated"));
    session.send(&cancel(&json!({"requestId": 1}))).await?;
    session.send(&cancel(&json!({"requestId": "b"}))).await?;
    assert!(told(&mut session, 12, "tools", 0).await?.is_empty());
    session.close();
    assert!(session.end().await?.0.is_empty());
    Ok(())
}

// [SUB-2] [SUB-6] [SUB-6b]
#[tokio::test]
async fn subscriptions_end_with_a_cancellation_and_their_result_before_the_process() -> Result<()> {
    for asked in ["the end of input", "a signal"] {
        let mut session = subscribed().await?;
        if asked == "a signal" {
            terminate(session.id().ok_or("the server is gone")?)?;
        } else {
            session.close();
        }
        let (messages, status) = session.end().await?;
        assert_eq!(status.code(), Some(0), "{asked}");
        assert_eq!(messages.len(), 4, "{messages:?}");
        for id in [json!(1), json!("b")] {
            let is_cancelled = |message: &&Value| message["params"]["requestId"] == id;
            let cancelled = messages.iter().position(|message| is_cancelled(&message));
            let ended = messages.iter().position(|message| message["id"] == id);
            let (cancelled, ended) = (cancelled.unwrap(), ended.unwrap());
            assert!(cancelled < ended, "{messages:?}");
            assert_eq!(messages[cancelled]["method"], "notifications/cancelled");
            let result = &messages[ended]["result"];
            assert_eq!(result["resultType"], "complete");
            let meta = &result["_meta"];
            assert_eq!(meta["io.modelcontextprotocol/subscriptionId"], id);
        }
    }
    Ok(())
}

// [SUB-7]
#[tokio::test]
async fn a_process_knows_nothing_of_the_subscriptions_of_the_one_before() -> Result<()> {
    let mut session = subscribed().await?;
    session.close();
    session.end().await?;
    let mut session = start()?;
    assert!(told(&mut session, 1, "tools", 0).await?.is_empty());
    session.close();
    assert!(session.end().await?.0.is_empty());
    Ok(())
}

// [SUB-3b] [LOG-1b] [PROG-1b] [PROG-1d]
#[tokio::test]
async fn what_a_call_says_belongs_to_it_and_to_no_subscription() -> Result<()> {
    let mut session = subscribed().await?;
    for token in [json!("t"), json!(5)] {
        let reports = call("reports", json!({})).progress(token.clone());
        let said = session.ask(&reports).await?;
        assert_eq!(said.len(), 3, "{said:?}");
        for (message, progress) in said.iter().zip([json!(1), json!(2.5)]) {
            let params = json!({"progressToken": token, "progress": progress});
            assert_eq!(message["params"], params);
        }
    }
    let logs = call("logs", json!({"text": "a"})).log_level("error");
    let said = session.ask(&logs).await?;
    let levels: Vec<&Value> = said.iter().map(|said| &said["params"]["level"]).collect();
    assert_eq!(levels[..4], ["error", "critical", "alert", "emergency"]);
    assert_eq!(said.len(), 5);
    assert!(said.iter().all(|said| heard(said).0.is_null()), "{said:?}");
    Ok(())
}

// [PROG-1c]
#[tokio::test]
async fn nothing_is_said_after_the_answer() -> Result<()> {
    let mut session = start()?;
    let overruns = call("overruns", json!({}))
        .id(1)
        .progress(1)
        .log_level("debug");
    let said = session.ask(&overruns).await?;
    assert_eq!(said.last().unwrap()["result"]["isError"], true);
    // It has spoken again by now.
    let waits = call("awaits_the_last_word", json!({})).id(2);
    assert_eq!(session.ask(&waits).await?.len(), 1);
    session.close();
    assert!(session.end().await?.0.is_empty());
    Ok(())
}

// [CAN-2] [CAN-2c]
#[tokio::test]
async fn nothing_is_said_for_a_call_that_was_cancelled() -> Result<()> {
    let mut session = start()?;
    let ticks = call("ticks", json!({}))
        .id(1)
        .progress(1)
        .log_level("debug");
    session.send(&ticks).await?;
    for _ in 0..3 {
        assert_eq!(session.next().await?["params"]["progressToken"], 1);
        assert_eq!(session.next().await?["method"], "notifications/message");
    }
    session.send(&cancel(&json!({"requestId": 1}))).await?;
    // What comes before this may have been on its way.
    session.ask(&call("reports", json!({})).id(2)).await?;
    session.close();
    assert!(session.end().await?.0.is_empty());
    Ok(())
}

// [CAN-2c]
#[tokio::test]
async fn nothing_is_said_for_a_cancelled_call_that_cannot_be_stopped() -> Result<()> {
    let mut session = start()?;
    let speaks = call("speaks_by_turns", json!({})).id(1);
    session.send(&speaks.progress(1).log_level("debug")).await?;
    let lets_speak = |id: u32| call("lets_speak", json!({})).id(id);
    assert_eq!(session.ask(&lets_speak(2)).await?.len(), 3);
    session.send(&cancel(&json!({"requestId": 1}))).await?;
    for id in 3..6 {
        session.send(&lets_speak(id)).await?;
    }
    for id in 3..6 {
        assert_eq!(session.until(id).await?.len(), 1);
    }
    session.close();
    assert!(session.end().await?.0.is_empty());
    Ok(())
}

// [CAN-2b]
#[tokio::test]
async fn a_cancellation_that_names_nothing_does_no_harm() -> Result<()> {
    let mut session = start()?;
    let answered = |id: u32| call("reports", json!({})).id(id);
    session.ask(&answered(1)).await?;
    session
        .send(&listen(2, &json!({"toolsListChanged": true})))
        .await?;
    session.next().await?;
    let harmless = [
        json!({"requestId": 1}),
        json!({"requestId": 1}),
        json!({"requestId": "never"}),
        json!({"requestId": "2"}),
        json!({"requestId": null}),
        json!({"requestId": 2.0}),
        json!({"requestId": [2]}),
        json!({}),
        json!([2]),
        Value::Null,
    ];
    let bare = json(json!({"jsonrpc": "2.0", "method": "notifications/cancelled"}));
    for revision in LEGACY.into_iter().chain(["2026-07-28"]) {
        if revision != "2026-07-28" {
            let client = json!({"protocolVersion": revision, "capabilities": {}, "clientInfo": {}});
            let begun = session.ask(&legacy(revision, "initialize", client)).await?;
            assert_eq!(begun[0]["result"]["protocolVersion"], revision);
        }
        for params in &harmless {
            session.send(&cancel(params)).await?;
            session.send(&bare).await?;
            assert_eq!(session.ask(&answered(3)).await?.len(), 1, "{params}");
        }
    }
    session.close();
    // The subscription was there to the end.
    assert_eq!(session.end().await?.0.len(), 2);
    Ok(())
}

// [STD-3] [SUB-6c]
#[tokio::test]
async fn a_session_of_2026_07_28_has_no_request_of_the_server_and_no_cancellation() -> Result<()> {
    let mut session = start()?;
    let everything = json!({"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {}});
    let mut messages = Vec::new();
    for ending in [
        "form", "sampling", "roots", "fails", "panics", "hangs", "large",
    ] {
        let says = call("says", json!({"ending": ending}))
            .progress(1)
            .log_level("debug");
        let said = session.ask(&says.capabilities(everything.clone())).await?;
        let asks = ["form", "sampling", "roots"].contains(&ending);
        let kind = if asks { "input_required" } else { "complete" };
        assert_eq!(said[2]["result"]["resultType"], kind);
        messages.extend(said);
    }
    session.send(&call("ticks", json!({})).id(1)).await?;
    session.send(&cancel(&json!({"requestId": 1}))).await?;
    session.close();
    messages.extend(session.end().await?.0);
    assert_eq!(messages.len(), 7 * 3, "{messages:?}");
    for message in messages {
        let is_both = message.get("id").is_some() && message.get("method").is_some();
        assert!(
            !is_both && message["method"] != "notifications/cancelled",
            "{message}"
        );
    }
    Ok(())
}

// [RPC-3] [RPC-11b]
#[tokio::test]
async fn an_id_is_free_again_and_a_call_that_runs_holds_nobody_up() -> Result<()> {
    let mut session = start()?;
    session
        .send(&call("ticks", json!({})).id(1).progress(1))
        .await?;
    session.next().await?;
    for _ in 0..3 {
        let said = session.ask(&call("reports", json!({})).id(2)).await?;
        assert!(said.last().unwrap()["result"].is_object());
    }
    let client = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {}});
    let begun = session
        .ask(&legacy("2025-06-18", "initialize", client).id(2))
        .await?;
    assert_eq!(
        begun.last().unwrap()["result"]["protocolVersion"],
        "2025-06-18"
    );
    Ok(())
}

// [STATE-2]
#[tokio::test]
async fn lists_are_the_same_whatever_came_before() -> Result<()> {
    let mut session = start()?;
    let lists = async |session: &mut Session| {
        let mut lists = Vec::new();
        for method in [
            "tools/list",
            "prompts/list",
            "resources/list",
            "resources/templates/list",
        ] {
            session.send(&modern(method, json!({}))).await?;
            lists.push(session.line().await?.ok_or("the server is gone")?);
        }
        Result::Ok(lists)
    };
    let before = lists(&mut session).await?;
    session.ask(&call("reports", json!({}))).await?;
    session
        .ask(&modern("resources/read", json!({"uri": "a://1"})))
        .await?;
    session
        .send(&listen(1, &json!({"promptsListChanged": true})))
        .await?;
    session.next().await?;
    assert_eq!(lists(&mut session).await?, before);
    let client = json!({"protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": {}});
    session
        .ask(&legacy("2024-11-05", "initialize", client))
        .await?;
    assert_eq!(lists(&mut session).await?, before);
    Ok(())
}
