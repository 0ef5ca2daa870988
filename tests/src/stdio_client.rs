//! A client that writes lines to a server's standard input and reads the lines of its output.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::Result;
use crate::message::Message;

/// A running server and the two ends of its connection.
#[derive(Debug)]
pub struct Session {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Session {
    /// Starts a server.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn start(program: impl AsRef<Path>) -> Result<Self> {
        let mut child = Command::new(program.as_ref())
            .env_remove("MCP_BIND")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdin = child.stdin.take();
        let stdout = child
            .stdout
            .take()
            .ok_or("the process has no standard output")?;
        Ok(Self {
            child,
            stdin,
            stdout: BufReader::new(stdout).lines(),
        })
    }

    /// Writes one message.
    ///
    /// # Errors
    ///
    /// When the server is gone, or its input was closed.
    pub async fn send(&mut self, message: &Message) -> Result<()> {
        let stdin = self.stdin.as_mut().ok_or("the input was closed")?;
        let line = format!("{}\n", message.line());
        Ok(stdin.write_all(line.as_bytes()).await?)
    }

    /// The next line; `None` at the end of the output.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn line(&mut self) -> Result<Option<String>> {
        Ok(self.stdout.next_line().await?)
    }

    /// The next message.
    ///
    /// # Errors
    ///
    /// At the end of the output, and when a line is no message.
    pub async fn next(&mut self) -> Result<Value> {
        let line = self.line().await?.ok_or("the server is gone")?;
        Ok(serde_json::from_str(&line)?)
    }

    /// The messages up to the answer to this id, which is the last of them.
    ///
    /// # Errors
    ///
    /// When the output ends before.
    pub async fn until(&mut self, id: impl Into<Value>) -> Result<Vec<Value>> {
        let id = id.into();
        let mut messages = Vec::new();
        loop {
            let message = self.next().await?;
            let is_answer = message["id"] == id;
            messages.push(message);
            if is_answer {
                return Ok(messages);
            }
        }
    }

    /// Sends a request and gives the messages up to its answer, which is the last of them.
    ///
    /// # Errors
    ///
    /// When the server is gone.
    pub async fn ask(&mut self, message: &Message) -> Result<Vec<Value>> {
        let sent: Value = serde_json::from_str(&message.line())?;
        self.send(message).await?;
        self.until(sent["id"].clone()).await
    }

    /// The process id, while the server runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends the input.
    pub fn close(&mut self) {
        self.stdin = None;
    }

    /// The rest of the messages, and how the process ended.
    ///
    /// # Errors
    ///
    /// When a line is no message.
    pub async fn end(mut self) -> Result<(Vec<Value>, ExitStatus)> {
        let mut messages = Vec::new();
        while let Some(line) = self.line().await? {
            messages.push(serde_json::from_str(&line)?);
        }
        Ok((messages, self.child.wait().await?))
    }
}
