//! What is published for each type, in both profiles.

use mcp_core::testing::Client;
use serde_json::Value;

use super::corpus::{self, cases};

/// The schema of the argument and of the result, one line each.
async fn published(client: &Client) -> String {
    let mut text = String::new();
    for tool in client.tools().await {
        let name = tool["name"].as_str().unwrap();
        let input = &tool["inputSchema"];
        text.push_str(&format!("{name}\n  in  {}\n", input["properties"]["value"]));
        if input["required"] != serde_json::json!(["value"]) {
            text.push_str("      may be left out\n");
        }
        if !input["$defs"].is_null() {
            text.push_str(&format!("      {}\n", input["$defs"]));
        }
        match &tool["outputSchema"] {
            Value::Null => text.push_str("  out text\n"),
            schema => text.push_str(&format!("  out {schema}\n")),
        }
    }
    text
}

#[tokio::test]
async fn the_portable_schemas_are_these() {
    insta::assert_snapshot!("portable", published(&corpus::portable()).await);
}

#[tokio::test]
async fn the_full_schemas_are_these() {
    insta::assert_snapshot!("full", published(&corpus::full()).await);
}

#[test]
fn what_is_not_portable_is_an_error_that_names_the_way_out() {
    let refusals = corpus::refusals();
    let lines: Vec<String> = refusals
        .iter()
        .map(|(name, error)| format!("{name}: {error}"))
        .collect();
    insta::assert_snapshot!("refused", lines.join("\n"));
}

#[test]
fn the_corpus_has_sixty_types() {
    assert!(cases().len() >= 60, "{}", cases().len());
}
