//! The stdio host as a process: what reaches standard output, what ends it, and what a client can
//! cancel.

use std::process::Stdio;

use mcp_tests::{Result, process};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

struct Session {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Session {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_chatty"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            stdin,
            stdout,
        }
    }

    async fn send(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin
            .write_all(format!("{line}\n").as_bytes())
            .await
            .unwrap();
    }

    async fn call(&mut self, id: u32, tool: &str) {
        let message = json!({
            "jsonrpc": "2.0", "id": id, "method": "tools/call",
            "params": {"name": tool, "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
                "progressToken": id,
            }},
        });
        self.send(&message.to_string()).await;
    }

    /// The next line of standard output, which has to be a message.
    async fn next(&mut self) -> Option<Value> {
        let line = self.stdout.next_line().await.unwrap()?;
        Some(serde_json::from_str(&line).unwrap_or_else(|_| panic!("not protocol: {line}")))
    }

    async fn ends(mut self) -> (Option<i32>, String) {
        assert_eq!(self.next().await, None);
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut log).await.unwrap();
        (self.child.wait().await.unwrap().code(), log)
    }
}

// [STD-1b]
#[tokio::test]
async fn what_a_tool_prints_goes_to_standard_error() {
    let mut session = Session::start();
    session.call(1, "prints").await;
    let answer = session.next().await.unwrap();
    assert_eq!(answer["result"]["content"][0]["text"], "printed");
    drop(session.stdin.take());
    let (code, log) = session.ends().await;
    assert_eq!(code, Some(0));
    assert!(log.contains("this is not protocol"), "{log}");
}

// [RPC-4b] [RPC-6] [ERR-5]
#[tokio::test]
async fn bad_lines_are_answered_without_an_id_and_reading_goes_on() {
    let mut session = Session::start();
    session.send("").await;
    session.send("{").await;
    assert_eq!(session.next().await.unwrap()["error"]["code"], -32700);
    session.send(&format!("\"{}\"", "x".repeat(998))).await;
    assert_eq!(session.next().await.unwrap()["error"]["code"], -32600);
    session.send(&format!("\"{}\"", "x".repeat(999))).await;
    let too_long = session.next().await.unwrap();
    assert!(too_long.get("id").is_none());
    let text = too_long["error"]["message"].as_str().unwrap().to_owned();
    assert!(text.contains("Limits::line_bytes"), "{text}");
    // Responses and notifications are never answered, not even malformed ones.
    session
        .send(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#)
        .await;
    session
        .send(r#"{"jsonrpc":"1.0","method":"notifications/x"}"#)
        .await;
    session.call(1, "prints").await;
    assert!(
        session.next().await.unwrap()["result"]
            .get("content")
            .is_some()
    );
}

// [INIT-1b] [INIT-2] [INIT-2b] [PING-1]
#[tokio::test]
async fn before_initialize_only_requests_that_stand_alone_are_served() {
    let mut session = Session::start();
    session
        .send(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
        .await;
    assert_eq!(session.next().await.unwrap()["error"]["code"], -32602);
    session
        .send(r#"{"jsonrpc":"2.0","id":"p","method":"ping"}"#)
        .await;
    assert_eq!(
        session.next().await.unwrap(),
        json!({"jsonrpc":"2.0","id":"p","result":{}})
    );
    let initialize = |version: &str| {
        json!({"jsonrpc": "2.0", "id": 2, "method": "initialize",
            "params": {"protocolVersion": version, "capabilities": {}, "clientInfo": {}}})
        .to_string()
    };
    // A revision without a handshake and an unknown one are answered with the newest that has one.
    for (asked, given) in [
        ("2026-07-28", "2025-11-25"),
        ("1999-01-01", "2025-11-25"),
        ("2024-11-05", "2024-11-05"),
    ] {
        session.send(&initialize(asked)).await;
        assert_eq!(
            session.next().await.unwrap()["result"]["protocolVersion"],
            given
        );
    }
    session
        .send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        .await;
    session
        .send(r#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#)
        .await;
    let listed = session.next().await.unwrap();
    assert_eq!(listed["result"]["tools"][0]["name"], "prints");
    // The oldest revision has no annotations, and no result has a type.
    assert!(listed["result"].get("resultType").is_none());
}

// [STD-5] [CAN-2] [PROG-1d]
#[tokio::test]
async fn calls_run_side_by_side_and_can_be_cancelled() {
    let mut session = Session::start();
    session.call(1, "hangs").await;
    assert_eq!(session.next().await.unwrap()["params"]["progressToken"], 1);
    session.call(2, "prints").await;
    assert_eq!(session.next().await.unwrap()["id"], 2);
    // Unknown ids and ids of another type cancel nothing.
    for id in ["9", "\"1\"", "1"] {
        let params = format!(r#"{{"requestId":{id}}}"#);
        let note = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":"#;
        session.send(&format!("{note}{params}}}")).await;
    }
    session.call(3, "prints").await;
    assert_eq!(session.next().await.unwrap()["id"], 3);
    drop(session.stdin.take());
    let (code, log) = session.ends().await;
    assert_eq!(code, Some(0));
    assert_eq!(log.matches("the call was cancelled").count(), 1, "{log}");
}

// [STD-4]
#[tokio::test]
async fn the_end_of_input_lets_calls_finish() {
    let mut session = Session::start();
    session.call(1, "lingers").await;
    assert!(session.next().await.unwrap().get("method").is_some());
    drop(session.stdin.take());
    assert_eq!(session.next().await.unwrap()["id"], 1);
    assert_eq!(session.ends().await.0, Some(0));
}

// [STD-4]
#[cfg(unix)]
#[tokio::test]
async fn sigterm_lets_calls_finish_and_ends_with_success() -> Result<()> {
    let mut session = Session::start();
    session.call(1, "lingers").await;
    assert!(session.next().await.unwrap().get("method").is_some());
    process::terminate(session.child.id().ok_or("the server is gone")?)?;
    assert_eq!(session.next().await.unwrap()["id"], 1);
    assert_eq!(session.ends().await.0, Some(0));
    Ok(())
}
