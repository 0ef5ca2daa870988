//! What a server writes anywhere but in its replies is searched for everything that its clients said.

use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;

use mcp_tests::Result;
use mcp_tests::message::{self, Message, call, modern};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

/// What nobody but the caller and the function may see, all of one mark so that none is forgotten.
const SECRET: &str = "Kq7Zx";

/// What `#[arg(audit)]` shows.
const SHOWN: &str = "C-1001-shown";

/// Requests with secrets in every place that a client can fill, of every end that a call can have.
fn requests() -> Vec<Message> {
    let secret = |what: &str| format!("{SECRET}-{what}");
    let keep = |text: &str, number: i64| json!({"chart": SHOWN, "text": format!("{SECRET}{text}"), "number": number});
    vec![
        // Its three ends: a result, an error for the model, a private one.
        call("keep", keep("", 4711)),
        call("keep", keep("1", 4711)),
        call("keep", keep("12", 4711)),
        // Arguments that do not fit, and some that nobody declared.
        call("keep", keep("", 98_765_432_100)),
        call(
            "keep",
            json!({"chart": SHOWN, "text": [secret("list")], "number": secret("word")}),
        ),
        call(
            "keep",
            json!({"chart": SHOWN, (secret("key")): secret("value")}),
        ),
        call("keep", json!([secret("no object")])),
        // What is not there.
        call(&secret("tool"), json!({"text": secret("value")})),
        modern(
            "resources/read",
            json!({"uri": format!("charts://{SECRET}")}),
        ),
        modern(
            "resources/read",
            json!({"uri": format!("secrets://{SECRET}")}),
        ),
        modern(
            "prompts/get",
            json!({"name": "letter", "arguments": {"to": secret("to")}}),
        ),
        modern(
            "prompts/get",
            json!({"name": "letter", "arguments": {(secret("key")): 1}}),
        ),
        modern("prompts/get", json!({"name": secret("prompt")})),
        modern(
            "completion/complete",
            json!({
                "ref": {"type": "ref/prompt", "name": "letter"},
                "argument": {"name": "to", "value": secret("typed")},
            }),
        ),
        modern(&secret("method"), json!({})),
        call("keep", keep("", 4711))
            .meta("traceparent", secret("parent"))
            .meta("tracestate", secret("state"))
            .meta("baggage", secret("baggage"))
            .progress(secret("token")),
        message::json(json!({"jsonrpc": "2.0", "id": 1, "method": [secret("broken")]})),
    ]
}

/// Numbers that were sent: not to be found either.
const NUMBERS: [&str; 2] = ["4711", "98765432100"];

fn check(what: &str, written: &str) {
    for secret in NUMBERS.iter().chain(&[SECRET]) {
        let found: Vec<_> = written
            .lines()
            .filter(|line| line.contains(secret))
            .collect();
        assert!(found.is_empty(), "{what}: `{secret}` in {found:#?}");
    }
    // The search has something to search in.
    assert!(written.contains(SHOWN), "{what}: {written}");
    assert!(
        written.contains("\"log_type\":\"mcp.audit\""),
        "{what}: {written}"
    );
    assert!(written.contains("CloudWatchMetrics"), "{what}: {written}");
    assert!(written.contains("mcp.request"), "{what}: {written}");
}

fn server() -> Command {
    let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_audited")));
    command
        .env_remove("MCP_BIND")
        .env("MCP_METRICS", "emf")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

#[tokio::test]
async fn over_stdio_nothing_that_a_client_says_is_written_anywhere_but_in_the_reply() -> Result<()>
{
    let mut child = server().spawn()?;
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    let stdout = child.stdout.take().ok_or("no standard output")?;
    let mut stderr = child.stderr.take().ok_or("no standard error")?;
    let read = tokio::spawn(async move {
        let mut written = String::new();
        stderr.read_to_string(&mut written).await.map(|_| written)
    });
    let mut replies = BufReader::new(stdout).lines();
    let requests = requests();
    for (id, request) in requests.iter().enumerate() {
        let line = format!("{}\n", request.clone().id(id).line());
        stdin.write_all(line.as_bytes()).await?;
        loop {
            let reply = replies.next_line().await?.ok_or("no reply")?;
            let reply: Value = serde_json::from_str(&reply)?;
            if reply.get("method").is_none() {
                break;
            }
        }
    }
    drop(stdin);
    assert!(child.wait().await?.success());
    let written = read.await??;
    check("standard error", &written);
    let ends = written.matches("\"event\":\"end\"").count();
    // Of the 17, an unknown method and a broken message are no calls.
    assert_eq!(ends, requests.len() - 2, "{written}");
    Ok(())
}

#[tokio::test]
async fn over_http_tokens_and_headers_are_written_nowhere_either() -> Result<()> {
    let mut child = server().env("MCP_BIND", "127.0.0.1:0").spawn()?;
    let mut stdout = child.stdout.take().ok_or("no standard output")?;
    let stderr = child.stderr.take().ok_or("no standard error")?;
    let (found, address) = tokio::sync::oneshot::channel();
    let mut found = Some(found);
    let log = tokio::spawn(async move {
        let mut lines = BufReader::new(stderr).lines();
        let mut written = String::new();
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some((_, at)) = line.split_once(" address=")
                && let Some(found) = found.take()
            {
                let _ = found.send(at.split(' ').next().unwrap_or_default().to_owned());
            }
            written.push_str(&line);
            written.push('\n');
        }
        written
    });
    let printed = tokio::spawn(async move {
        let mut written = String::new();
        stdout.read_to_string(&mut written).await.map(|_| written)
    });
    let url = format!("http://{}/mcp?query={SECRET}", address.await?);
    let client = reqwest::Client::new();
    let mut statuses: HashMap<u16, usize> = HashMap::new();
    for request in requests() {
        for authorization in [
            format!("Bearer ann {SECRET}-scope"),
            format!("Basic {SECRET}"),
        ] {
            let mut post = client.post(&url).header("cookie", format!("a={SECRET}"));
            for (name, value) in request.headers() {
                if name != "host" {
                    post = post.header(name, value);
                }
            }
            let post = post
                .header("authorization", authorization)
                .body(request.line());
            let reply = post.send().await?;
            *statuses.entry(reply.status().as_u16()).or_default() += 1;
            reply.bytes().await?;
        }
    }
    assert_eq!(statuses.get(&401), Some(&requests().len()), "{statuses:?}");
    mcp_tests::process::terminate(child.id().ok_or("the server is gone")?)?;
    child.wait().await?;
    let printed = printed.await??;
    let log = log.await?;
    check("everything", &format!("{printed}{log}"));
    assert!(printed.contains("\"event\":\"door\""), "{printed}");
    // Records and metrics are on standard output, a line each, and nothing else is.
    for line in printed.lines() {
        let line: Value = serde_json::from_str(line)?;
        assert!(
            line["log_type"] == "mcp.audit" || line["_aws"].is_object(),
            "{line}"
        );
    }
    Ok(())
}
