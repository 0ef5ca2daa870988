//! What a Lambda function prints of its calls: records, metrics and a log that honours the function's settings.

use std::process::Stdio;

use mcp_tests::Result;
use mcp_tests::lambda::RuntimeApi;
use mcp_tests::process;
use serde_json::{Value, json};
use tokio::process::Command;

/// The lines that the function wrote to standard output and to standard error, after two calls: one as a
/// message, one through HTTP that nobody signed.
async fn printed(more: &[(&str, &str)]) -> Result<[Vec<String>; 2]> {
    let api = RuntimeApi::start().await?;
    let child = Command::new(env!("CARGO_BIN_EXE_lambda-trouble"))
        .envs(api.environment())
        .envs(more.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let id = child.id().ok_or("the function is gone")?;
    let params = json!({"name": "echo", "arguments": {"text": "s3cret"}});
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
    api.invoke(&call).await?;
    let http = json!({
        "version": "2.0",
        "headers": {"content-type": "application/json", "accept": "application/json"},
        "requestContext": {"http": {"method": "POST", "path": "/"}, "stage": "$default"},
        "body": call.to_string(),
        "isBase64Encoded": false,
    });
    api.invoke(&http).await?;
    process::terminate(id)?;
    let output = child.wait_with_output().await?;
    let lines = |bytes: Vec<u8>| -> Result<Vec<String>> {
        let text = String::from_utf8(bytes)?;
        assert!(!text.contains("s3cret"), "{text}");
        Ok(text.lines().map(str::to_owned).collect())
    };
    Ok([lines(output.stdout)?, lines(output.stderr)?])
}

fn parsed(lines: &[String]) -> Vec<Value> {
    let lines = lines.iter();
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

/// That a line is what CloudWatch takes for metrics (embedded metric format).
fn check_metrics(line: &Value) {
    let [directive] = &line["_aws"]["CloudWatchMetrics"].as_array().unwrap()[..] else {
        panic!("{line}");
    };
    assert!(line["_aws"]["Timestamp"].as_u64().unwrap() > 1_700_000_000_000);
    for set in directive["Dimensions"].as_array().unwrap() {
        for dimension in set.as_array().unwrap() {
            let value = &line[dimension.as_str().unwrap()];
            assert!(
                value.as_str().is_some_and(|value| !value.is_empty()),
                "{line}"
            );
        }
    }
    for metric in directive["Metrics"].as_array().unwrap() {
        assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{line}");
        assert!(["Count", "Milliseconds", "Bytes"].contains(&metric["Unit"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn a_function_prints_a_record_and_metrics_of_each_call() -> Result<()> {
    let [stdout, _] = printed(&[]).await?;
    for line in &stdout {
        println!("{line}");
    }
    let lines = parsed(&stdout);
    let (records, metrics): (Vec<_>, Vec<_>) = lines
        .iter()
        .partition(|line| line["log_type"] == "mcp.audit");
    let [message, http] = &records[..] else {
        panic!("{records:#?}");
    };
    assert_eq!(message["outcome"], "ok");
    assert_eq!(message["transport"], "invoke");
    assert_eq!(
        message["principal"],
        json!({"type": "iam", "sub": "invoke"})
    );
    assert_eq!(message["trace_id"], "5759e988bd862e3fe1be46a994272793");
    assert_eq!(
        message["runtime"],
        json!({
            "platform": "lambda",
            "request_id": "00000000-0000-0000-0000-000000000000",
            "function": "arn:aws:lambda:eu-central-1:000000000000:function:sales-data",
        })
    );
    assert_eq!(http["transport"], "http");
    assert_eq!(http["principal"], json!({"type": "anonymous"}));
    assert_eq!(
        http["runtime"]["request_id"],
        "00000000-0000-0000-0000-000000000001"
    );
    let [metrics, _] = &metrics[..] else {
        panic!("{metrics:#?}");
    };
    check_metrics(metrics);
    for (key, expected) in [
        ("service", json!("mcp-tests")),
        ("method", json!("tools/call")),
        ("target", json!("echo")),
        ("Calls", json!(1)),
        ("Errors", json!(0)),
        ("outcome", json!("ok")),
        ("audit_id", message["audit_id"].clone()),
        ("request_id", json!("00000000-0000-0000-0000-000000000000")),
    ] {
        assert_eq!(metrics[key], expected, "{key}");
    }
    Ok(())
}

#[tokio::test]
async fn metrics_can_be_switched_off() -> Result<()> {
    let [stdout, _] = printed(&[("MCP_METRICS", "off")]).await?;
    let lines = parsed(&stdout);
    assert_eq!(lines.len(), 2);
    assert!(
        lines.iter().all(|line| line["log_type"] == "mcp.audit"),
        "{lines:?}"
    );
    Ok(())
}

#[tokio::test]
async fn the_log_has_the_form_and_the_level_of_the_function_s_settings() -> Result<()> {
    let [_, text] = printed(&[("AWS_LAMBDA_LOG_FORMAT", "Text")]).await?;
    assert!(text[0].starts_with("INFO mcp_lambda_adapter::"), "{text:?}");
    let [_, json] = printed(&[
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_LAMBDA_LOG_LEVEL", "INFO"),
    ])
    .await?;
    let json = parsed(&json);
    assert!(json.len() >= 2, "{json:?}");
    for line in &json {
        assert_eq!(line["level"], "INFO");
        let time = line["timestamp"].as_str().unwrap();
        assert!(time.len() == 24 && time.ends_with('Z'), "{time}");
        assert!(!line["message"].as_str().unwrap().is_empty());
    }
    assert_eq!(json[1]["fields"]["cold_start"], true);
    // What the level takes away is said once, at a level that stays.
    let [_, json] = printed(&[
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_LAMBDA_LOG_LEVEL", "WARN"),
    ])
    .await?;
    let json = parsed(&json);
    let [warning] = &json[..] else {
        panic!("{json:?}");
    };
    assert_eq!(warning["level"], "WARN");
    assert!(
        warning["message"].as_str().unwrap().contains("level INFO"),
        "{warning}"
    );
    Ok(())
}
