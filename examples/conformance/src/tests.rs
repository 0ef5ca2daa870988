//! What the suite takes for granted, so that a mistake here is not taken for one of the library.

use mcp_core::testing::{Client, Portability};
use mcp_core::{HostError, assert_contract};
use serde_json::{Value, json};

use crate::server;

/// The result of a request from a client that can be asked for everything.
async fn request(method: &str, mut params: Value) -> Result<Value, HostError> {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities":
            {"elicitation": {}, "sampling": {}, "roots": {}},
    });
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let server = server()?;
    // On a loopback address the host says so.
    server.single_process();
    let mut answers = Client::new(&server).send(&message.to_string()).await;
    Ok(answers.pop().unwrap_or_default()["result"].take())
}

/// The fields of the form that a tool asks for.
async fn form(tool: &str) -> Result<Value, HostError> {
    let result = request("tools/call", json!({"name": tool})).await?;
    let asked = result["inputRequests"].as_object();
    let first = asked.and_then(|asked| asked.values().next());
    Ok(first.map_or(Value::Null, |first| {
        first["params"]["requestedSchema"]["properties"].clone()
    }))
}

#[tokio::test]
async fn the_first_tool_needs_no_arguments() -> Result<(), HostError> {
    let listed = request("tools/list", json!({})).await?;
    assert_eq!(listed["tools"][0]["name"], "test_simple_text");
    let result = request("tools/call", json!({"name": "test_simple_text"})).await?;
    let text = "This is a simple text response for testing.";
    assert_eq!(result["content"][0]["text"], text);
    Ok(())
}

#[tokio::test]
async fn everything_is_described_and_the_text_resource_comes_first() -> Result<(), HostError> {
    for (method, key, count) in [
        ("tools/list", "tools", 28),
        ("prompts/list", "prompts", 5),
        ("resources/list", "resources", 3),
        ("resources/templates/list", "resourceTemplates", 1),
    ] {
        let listed = request(method, json!({})).await?;
        let entries = listed[key].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(entries.len(), count, "{method}");
        for entry in entries {
            assert!(!entry["description"].as_str().unwrap_or_default().is_empty());
        }
        if key == "resources" {
            assert_eq!(entries[0]["uri"], "test://static-text");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_handwritten_schema_is_published_as_it_is() -> Result<(), HostError> {
    let listed = request("tools/list", json!({})).await?;
    let tools = listed["tools"].as_array();
    let written: Value = serde_json::from_str(include_str!("tools/contact.schema.json"))?;
    let found = tools
        .and_then(|tools| tools.last())
        .cloned()
        .unwrap_or_default();
    assert_eq!(found["name"], "json_schema_2020_12_tool");
    assert_eq!(found["inputSchema"], written);
    Ok(())
}

#[tokio::test]
async fn a_form_has_the_defaults_of_its_type() -> Result<(), HostError> {
    let fields = form("test_elicitation_sep1034_defaults").await?;
    assert_eq!(
        fields["name"],
        json!({"type": "string", "default": "John Doe"})
    );
    assert_eq!(fields["age"]["type"], "integer");
    assert_eq!(fields["age"]["default"], 30);
    assert_eq!(fields["score"], json!({"type": "number", "default": 95.5}));
    let status = json!({
        "type": "string",
        "enum": ["active", "inactive", "pending"],
        "default": "active",
    });
    assert_eq!(fields["status"], status);
    assert_eq!(
        fields["verified"],
        json!({"type": "boolean", "default": true})
    );
    Ok(())
}

#[tokio::test]
async fn a_form_has_choices_in_every_encoding() -> Result<(), HostError> {
    let fields = form("test_elicitation_sep1330_enums").await?;
    let plain = json!(["option1", "option2", "option3"]);
    let titled = json!([
        {"const": "value1", "title": "First Option"},
        {"const": "value2", "title": "Second Option"},
        {"const": "value3", "title": "Third Option"},
    ]);
    assert_eq!(
        fields["untitledSingle"],
        json!({"type": "string", "enum": plain})
    );
    assert_eq!(
        fields["titledSingle"],
        json!({"type": "string", "oneOf": titled})
    );
    assert_eq!(
        fields["legacyEnum"]["enum"],
        json!(["opt1", "opt2", "opt3"])
    );
    let names = json!(["Option One", "Option Two", "Option Three"]);
    assert_eq!(fields["legacyEnum"]["enumNames"], names);
    let items = json!({"type": "string", "enum": plain});
    assert_eq!(
        fields["untitledMulti"],
        json!({"type": "array", "items": items})
    );
    assert_eq!(fields["titledMulti"]["items"], json!({"anyOf": titled}));
    Ok(())
}

#[test]
fn the_contract_is_kept_and_only_the_handwritten_schema_is_not_portable() -> Result<(), HostError> {
    let server = server()?;
    server.single_process();
    assert_contract!(server);
    let report = Portability::of(&server);
    let findings = report.findings();
    assert!(!findings.is_empty());
    let by_hand = |tool: &str| tool == "json_schema_2020_12_tool";
    assert!(
        findings.iter().all(|finding| by_hand(finding.tool())),
        "{report}"
    );
    Ok(())
}
