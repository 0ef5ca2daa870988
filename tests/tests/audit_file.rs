//! A process that is killed inside a tool leaves the intent of the call, and the next one says that it never
//! ended.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use mcp_tests::Result;
use mcp_tests::message::{Message, call};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A file that goes with the test.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("mcp-{name}-{}.jsonl", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn records(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        let lines = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

struct Server {
    child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Server {
    fn start(file: &Path) -> Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_audited"))
            .env_remove("MCP_BIND")
            .env("AUDIT_FILE", file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let stdin = child.stdin.take().ok_or("no standard input")?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let stdout = BufReader::new(stdout).lines();
        Ok(Self {
            child,
            stdin,
            stdout,
        })
    }

    async fn send(&mut self, message: &Message) -> Result<()> {
        let line = format!("{}\n", message.line());
        Ok(self.stdin.write_all(line.as_bytes()).await?)
    }
}

#[tokio::test]
async fn a_call_that_its_process_did_not_survive_is_found_by_the_next_one() -> Result<()> {
    let file = Scratch::new("intents");
    let mut first = Server::start(&file.0)?;
    // One that ends, one that does not.
    let arguments = json!({"chart": "C-1001", "text": "ab", "number": 1});
    first.send(&call("keep", arguments).id("ends")).await?;
    first.stdout.next_line().await?.ok_or("no answer")?;
    first
        .send(&call("pay", json!({"account": "DE-4711"})).id("dies"))
        .await?;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
    while file.records().len() < 2 {
        assert!(tokio::time::Instant::now() < deadline, "no intent came");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    first.child.kill().await?;

    let before = file.records();
    assert_eq!(before.len(), 2);
    assert_eq!(
        (&before[0]["event"], &before[0]["outcome"]),
        (&json!("end"), &json!("ok"))
    );
    assert_eq!(before[1]["event"], "intent");
    assert_eq!(before[1]["gen_ai.tool.name"], "pay");
    assert_eq!(before[1]["jsonrpc.request.id"], "dies");

    let mut second = Server::start(&file.0)?;
    second
        .send(&call(
            "keep",
            json!({"chart": "C-1", "text": "ab", "number": 1}),
        ))
        .await?;
    second.stdout.next_line().await?.ok_or("no answer")?;
    let after = file.records();
    assert_eq!(after.len(), 4);
    assert_eq!(after[..2], before[..]);
    assert_eq!(after[2]["event"], "unfinished");
    assert_eq!(after[2]["audit_id"], before[1]["audit_id"]);
    assert_eq!(after[2]["intent"], before[1]["timestamp"]);
    assert_eq!(after[3]["event"], "end");
    for record in &after {
        println!("{record}");
    }
    Ok(())
}
