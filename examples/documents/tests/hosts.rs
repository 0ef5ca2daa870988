//! The program as it is started, on the documents of the example: over stdio, HTTP and as a Lambda
//! function it answers the same.

use std::path::Path;

use mcp_tests::Result;
use mcp_tests::lambda::{Reply, RuntimeApi};
use mcp_tests::process::Process;
use mcp_tests::rmcp_client::{Client, Era, connect_http, connect_stdio};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_documents");

/// Clients see a part of the documents.
const PREFIX: (&str, &str) = ("DOCUMENTS_PREFIX", "handbook/");

const KEY: &str = "expenses.md";
const TEXT: &str = include_str!("../data/handbook/expenses.md");

/// What the two tools say, the second one of a document that there is and of one beyond the prefix.
async fn check(client: &Client) -> Result<()> {
    let listed = client.call("list_documents", json!({})).await?;
    check_list(&serde_json::to_value(listed)?);
    let fetched = client.call("fetch_document", json!({"key": KEY})).await?;
    check_text(&serde_json::to_value(fetched)?);
    let beyond = json!({"key": "../policies/retention.txt"});
    let refused = client.call("fetch_document", beyond).await?;
    assert_eq!(refused.is_error, Some(true));
    Ok(())
}

fn check_list(result: &Value) {
    let items = result["structuredContent"]["items"].as_array();
    let keys = items.unwrap().iter().map(|item| item["key"].as_str());
    let expected = [KEY, "remote-work.md", "seating.png"];
    assert!(keys.eq(expected.map(Some)), "{result}");
}

fn check_text(result: &Value) {
    assert_eq!(result["content"][0]["text"], TEXT, "{result}");
}

#[tokio::test]
async fn over_stdio() -> Result<()> {
    for era in [Era::Modern, Era::Legacy("2025-06-18")] {
        let client = connect_stdio(Path::new(PROGRAM), &[PREFIX], era).await?;
        check(&client).await?;
        client.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn over_http() -> Result<()> {
    let environment = [PREFIX, ("MCP_BIND", "127.0.0.1:0")];
    let mut server = Process::start(Path::new(PROGRAM), &["http"], environment)?;
    let url = format!("http://{}/mcp", server.address().await?);
    for era in [Era::Modern, Era::Legacy("2025-06-18")] {
        let client = connect_http(&url, era).await?;
        check(&client).await?;
        client.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn as_a_function() -> Result<()> {
    let api = RuntimeApi::start().await?;
    let environment = api.environment().into_iter();
    let environment = environment.chain([(PREFIX.0, PREFIX.1.to_owned())]);
    let _function = Process::start(Path::new(PROGRAM), &[], environment)?;
    let ask = async |method: &str, params: Value| -> Result<Value> {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        match api.invoke(&message).await? {
            Reply::Response(mut reply) => Ok(reply["result"].take()),
            Reply::Error(error) => Err(format!("the function failed: {error}").into()),
        }
    };
    check_list(
        &ask(
            "tools/call",
            json!({"name": "list_documents", "arguments": {}}),
        )
        .await?,
    );
    let params = json!({"name": "fetch_document", "arguments": {"key": KEY}});
    check_text(&ask("tools/call", params).await?);
    let read = ask(
        "resources/read",
        json!({"uri": format!("documents:///{KEY}")}),
    )
    .await?;
    assert_eq!(read["contents"][0]["text"], TEXT, "{read}");
    Ok(())
}
