//! A Lambda function as a process, from its start to its end.

#![allow(clippy::needless_pass_by_value)] // parameters are made at the place of the call

use std::path::Path;

use mcp_tests::Result;
use mcp_tests::lambda::{Reply, RuntimeApi};
use mcp_tests::process::{self, Process};
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_lambda-trouble");

/// Starts the function with these variables as well.
async fn function(more: &[(&str, &str)]) -> Result<(RuntimeApi, Process)> {
    let api = RuntimeApi::start().await?;
    let environment = api.environment();
    let environment = environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .chain(more.iter().copied());
    let function = Process::start(Path::new(PROGRAM), &[], environment)?;
    Ok((api, function))
}

fn request(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

/// Invokes with one message and gives its result.
async fn result(api: &RuntimeApi, method: &str, params: Value) -> Result<Value> {
    match api.invoke(&request(method, params)).await? {
        Reply::Response(answer) => Ok(answer["result"].clone()),
        Reply::Error(error) => Err(error.to_string().into()),
    }
}

/// Calls a tool and gives its text.
async fn call(api: &RuntimeApi, tool: &str, arguments: Value) -> Result<String> {
    let params = json!({"name": tool, "arguments": arguments});
    let result = result(api, "tools/call", params).await?;
    let text = result["content"][0]["text"].as_str();
    Ok(text.ok_or("no text")?.to_owned())
}

/// A request through a Function URL.
fn through_url(message: &Value) -> Value {
    json!({
        "version": "2.0",
        "headers": {"content-type": "application/json", "accept": "application/json"},
        "requestContext": {"http": {"method": "POST", "path": "/"}, "stage": "$default"},
        "body": message.to_string(),
        "isBase64Encoded": false,
    })
}

#[tokio::test]
async fn a_start_says_once_what_is_open_and_that_it_was_cold() -> Result<()> {
    let (api, function) = function(&[("MCP_DOORS", "http,invoke")]).await?;
    for _ in 0..3 {
        assert_eq!(
            call(&api, "echo", json!({"text": "a"})).await?,
            "a for invoke"
        );
    }
    let log = function.log();
    let with = |what: &str| log.iter().filter(|line| line.contains(what)).count();
    assert_eq!(with("doors=http,invoke"), 1, "{log:?}");
    assert_eq!(with("mode=Buffered"), 1, "{log:?}");
    assert_eq!(with("cold_start=true init_ms="), 1, "{log:?}");
    assert_eq!(with("request_id="), 1, "{log:?}");
    Ok(())
}

#[tokio::test]
async fn an_event_that_nobody_sends_fails_the_invocation_and_not_the_function() -> Result<()> {
    let (api, _function) = function(&[]).await?;
    let queue = json!({"Records": [{"eventSource": "aws:sqs", "body": "secret"}]});
    let Reply::Error(error) = api.invoke(&queue).await? else {
        return Err("the invocation did not fail".into());
    };
    assert_eq!(error["errorType"], "UnknownEvent");
    assert!(!error.to_string().contains("secret"), "{error}");
    assert_eq!(
        call(&api, "echo", json!({"text": "a"})).await?,
        "a for invoke"
    );
    Ok(())
}

#[tokio::test]
async fn a_panic_is_the_end_of_one_call() -> Result<()> {
    let (api, _function) = function(&[]).await?;
    let text = call(&api, "panics", json!({})).await?;
    assert!(
        text.contains("not yours to fix") && !text.contains("as asked"),
        "{text}"
    );
    assert_eq!(
        call(&api, "echo", json!({"text": "a"})).await?,
        "a for invoke"
    );
    Ok(())
}

#[tokio::test]
async fn a_streamed_reply_is_a_prelude_eight_zeros_and_the_body() -> Result<()> {
    let (api, _function) = function(&[("MCP_RESPONSE_MODE", "stream")]).await?;
    let event = through_url(&request("ping", json!({})));
    let Reply::Response(Value::String(reply)) = api.invoke(&event).await? else {
        return Err("the reply is no stream".into());
    };
    let (prelude, body) = reply.split_once("\0\0\0\0\0\0\0\0").ok_or("no zeros")?;
    let prelude: Value = serde_json::from_str(prelude)?;
    let headers = json!({"content-type": "application/json"});
    assert_eq!(
        prelude,
        json!({"statusCode": 200, "headers": headers, "cookies": []})
    );
    assert_eq!(body, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#);
    // Who invokes it directly gets it in one piece.
    assert_eq!(result(&api, "ping", json!({})).await?, json!({}));
    Ok(())
}

#[tokio::test]
async fn hooks_run_around_a_snapshot_and_only_there() -> Result<()> {
    let (api, _function) = function(&[]).await?;
    assert_eq!(call(&api, "hooks", json!({})).await?, "");
    let (api, _function) = function(&[("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")]).await?;
    let hooks = call(&api, "hooks", json!({})).await?;
    assert_eq!(
        hooks,
        "first before, second before, first after, second after"
    );
    Ok(())
}

#[tokio::test]
async fn a_client_sees_a_new_tool_after_the_next_deployment() -> Result<()> {
    let mut lists = Vec::new();
    for environment in [&[][..], &[("WITH_NEWS", "yes")][..]] {
        let (api, _function) = function(environment).await?;
        lists.push(result(&api, "tools/list", json!({})).await?["tools"].clone());
    }
    let [before, after] = &lists[..] else {
        return Err("two lists".into());
    };
    let (before, after) = (before.as_array().unwrap(), after.as_array().unwrap());
    let (new, same) = after.split_last().unwrap();
    assert_eq!(same, &before[..]);
    assert_eq!(new["name"], "news");
    Ok(())
}

#[tokio::test]
async fn a_function_that_is_asked_to_end_does() -> Result<()> {
    let (api, mut function) = function(&[]).await?;
    assert_eq!(
        call(&api, "echo", json!({"text": "a"})).await?,
        "a for invoke"
    );
    process::terminate(function.id().ok_or("no process")?)?;
    assert_eq!(function.wait().await?, Some(0));
    Ok(())
}

#[tokio::test]
async fn a_start_that_cannot_succeed_says_what_to_change() -> Result<()> {
    for (environment, words) in [
        (
            &[("AWS_LAMBDA_RUNTIME_API", "")][..],
            &["AWS_LAMBDA_FUNCTION_NAME", "mcp_core::stdio"][..],
        ),
        (
            &[("MCP_RESPONSE_MODE", "streamed")],
            &["MCP_RESPONSE_MODE", "`buffered` or `stream`"],
        ),
        (
            &[("MCP_USER_TOKEN_HEADER", "x-token")],
            &["MCP_USER_TOKEN_HEADER", "caller_source"],
        ),
        (
            &[("MCP_SUBSCRIPTION_SECONDS", "60")],
            &["MCP_SUBSCRIPTION_SECONDS", "MCP_RESPONSE_MODE"],
        ),
    ] {
        let mut function = Process::start(Path::new(PROGRAM), &[], environment.iter().copied())?;
        assert_eq!(function.wait().await?, Some(1));
        for word in words {
            function
                .log_line(|line| line.contains(word).then_some(()))
                .await?;
        }
    }
    Ok(())
}
