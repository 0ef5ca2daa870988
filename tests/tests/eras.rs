//! Both eras at one endpoint: each request is served by what it says of itself.

use mcp_tests::Result;
use mcp_tests::endpoint_client::{Client, initialize, local, request, send};
use mcp_tests::legacy_server::{Shared, builder, keys};
use mcp_tests::message::{self, modern};
use mcp_tests::stdio_client::Session;
use serde_json::{Value, json};

fn assert_modern(result: &Value) {
    assert_eq!(result["resultType"], "complete", "{result}");
    assert!(result["ttlMs"].is_u64());
}

fn assert_older(result: &Value) {
    assert!(result["tools"].is_array(), "{result}");
    assert!(result.get("resultType").is_none() && result.get("ttlMs").is_none());
}

async fn result(session: &mut Session, message: &message::Message) -> Result<Value> {
    let messages = session.ask(message).await?;
    Ok(messages.last().cloned().unwrap_or_default()["result"].take())
}

// [ERA-1] [ERA-11]
#[tokio::test]
async fn a_handshake_changes_nothing_for_requests_that_stand_alone() -> Result<()> {
    let mut session = Session::start(env!("CARGO_BIN_EXE_legacy"))?;
    let discover = modern("server/discover", json!({}));
    let before = result(&mut session, &discover).await?;
    let begin = message::json(initialize("2025-06-18", json!({})));
    result(&mut session, &begin).await?;
    assert_eq!(result(&mut session, &discover).await?, before);

    let older = message::json(request(3, "tools/list", json!({})));
    assert_older(&result(&mut session, &older).await?);
    let alone = modern("tools/list", json!({}));
    assert_modern(&result(&mut session, &alone).await?);
    assert_older(&result(&mut session, &older).await?);
    // Metadata of another kind makes no request stand alone.
    assert_older(&result(&mut session, &older.clone().progress(4)).await?);
    assert_eq!(result(&mut session, &discover).await?, before);
    Ok(())
}

// [ERA-1] [HDR-8]
#[tokio::test]
async fn a_session_means_nothing_to_a_request_that_stands_alone() {
    let server = builder(&Shared::default()).seal_with(keys());
    let endpoint = local(&server.build().unwrap());
    let client = Client::connect(&endpoint, "2025-11-25", json!({"sampling": {}})).await;
    let list = modern("tools/list", json!({}));
    let plain = send(&endpoint, "POST", &list).await.json().await;
    for session in [client.session_id(), "mcp1.forged", "foreign"] {
        let message = list.clone().header("mcp-session-id", session);
        let mut reply = send(&endpoint, "POST", &message).await;
        assert_eq!((reply.status, reply.header("mcp-session-id")), (200, None));
        assert_eq!(reply.json().await, plain);
    }
    // What the session's client can be asked for is not what this request's client can.
    let ask = message::call("ask", json!({"what": "text"}));
    let ask = ask.header("mcp-session-id", client.session_id());
    let refused = send(&endpoint, "POST", &ask).await.json().await;
    assert_eq!(refused["error"]["code"], -32021, "{refused}");
    assert_older(&client.ask("tools/list", json!({})).await);
}
