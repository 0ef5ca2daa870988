//! What the hosts refuse before the endpoint sees it: the container host on a socket, and a Lambda function
//! as a process.

use std::path::Path;

use mcp_core::{Server, server_info};
use mcp_fargate_adapter::Host;
use mcp_tests::Result;
use mcp_tests::lambda::{self, RuntimeApi};
use mcp_tests::process::Process;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::Seen;

pub(crate) async fn refusals() -> Result<Vec<Seen>> {
    let mut seen = container().await?;
    seen.extend(function().await?);
    Ok(seen)
}

async fn container() -> Result<Vec<Seen>> {
    let server = Server::new(server_info!(), ()).build()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(Host::new(server).connections(1).serve_on(listener));
    // Once it is answered, it has its place.
    let mut first = TcpStream::connect(address).await?;
    let path = exchange(&mut first, "GET /mpc HTTP/1.1\r\nhost: localhost\r\n\r\n").await?;
    let mut second = TcpStream::connect(address).await?;
    let full = exchange(&mut second, "").await?;
    serving.abort();
    Ok(vec![
        Seen::in_reply(path.0, &path.1, "the endpoint is at `/mcp`"),
        Seen::in_reply(full.0, &full.1, "try again in a moment"),
    ])
}

/// Sends a request and reads its reply: the status and the JSON of the body.
async fn exchange(stream: &mut TcpStream, request: &str) -> Result<(u16, Value)> {
    stream.write_all(request.as_bytes()).await?;
    let mut read = Vec::new();
    loop {
        read.push(stream.read_u8().await?);
        let text = String::from_utf8_lossy(&read);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        if let Ok(body) = serde_json::from_str(body) {
            let status = head.split(' ').nth(1).ok_or("no status")?;
            return Ok((status.parse()?, body));
        }
    }
}

async fn function() -> Result<Vec<Seen>> {
    let broken = json!({"body": "%", "isBase64Encoded": true});
    let cases = [
        (("MCP_DOORS", "invoke"), json!({}), "`MCP_DOORS`"),
        (
            ("MCP_BASE_PATH", "/mcp"),
            json!({}),
            "the endpoint is at `/mcp`",
        ),
        (("MCP_BASE_PATH", "/other"), broken, "is not valid Base64"),
    ];
    let mut seen = Vec::new();
    for (setting, fields, change) in cases {
        let (api, _function) = start(setting).await?;
        let lambda::Reply::Response(reply) = api.invoke(&event(&fields)).await? else {
            return Err("the invocation failed".into());
        };
        let status = reply["statusCode"].as_u64().ok_or("no status")?;
        let body = reply["body"].as_str().ok_or("no body")?;
        seen.push(Seen::in_reply(
            u16::try_from(status)?,
            &serde_json::from_str(body)?,
            change,
        ));
    }
    let (api, _function) = start(("MCP_DOORS", "http")).await?;
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    let lambda::Reply::Response(reply) = api.invoke(&message).await? else {
        return Err("the invocation failed".into());
    };
    // It has no status; what an invocation gets is a reply.
    seen.push(Seen::in_reply(200, &reply, "`MCP_DOORS`"));
    Ok(seen)
}

async fn start(setting: (&str, &str)) -> Result<(RuntimeApi, Process)> {
    let api = RuntimeApi::start().await?;
    let environment = api.environment();
    let environment = environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()));
    let program = Path::new(env!("CARGO_BIN_EXE_lambda-trouble"));
    let function = Process::start(program, &[], environment.chain([setting]))?;
    Ok((api, function))
}

/// A request through a Function URL at `/other`, with these fields instead.
fn event(fields: &Value) -> Value {
    let mut event = json!({
        "version": "2.0",
        "rawPath": "/other",
        "headers": {"content-type": "application/json"},
        "requestContext": {"http": {"method": "POST", "path": "/other"}, "stage": "$default"},
        "body": r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#,
        "isBase64Encoded": false,
    });
    for (key, value) in fields.as_object().into_iter().flatten() {
        event[key] = value.clone();
    }
    event
}
