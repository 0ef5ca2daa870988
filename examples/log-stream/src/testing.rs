//! A directory of log files, a server of it, and clients of the server.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mcp_core::testing::Client;
use mcp_core::{HostError, Server};
use mcp_tests::endpoint_client::{self, Reply};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::dir::LogDir;

/// Nothing waits longer than this for what a test waits for.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Desk {
    dir: TempDir,
    pub(crate) logs: Arc<LogDir>,
    pub(crate) server: Server,
}

impl Desk {
    pub(crate) fn new() -> Result<Self, HostError> {
        let dir = tempfile::tempdir()?;
        let logs = Arc::new(LogDir::at(dir.path())?);
        let server = crate::server(Arc::clone(&logs))?;
        server.single_process();
        Ok(Self { dir, logs, server })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Gives a file these contents, whether or not there is one.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> io::Result<()> {
        fs::write(self.path(name), contents)
    }

    /// Adds something to the end of a file.
    pub(crate) fn append(&self, name: &str, text: &str) -> io::Result<()> {
        let mut file = File::options().append(true).open(self.path(name))?;
        file.write_all(text.as_bytes())
    }

    pub(crate) fn rename(&self, name: &str, other: &str) -> io::Result<()> {
        fs::rename(self.path(name), self.path(other))
    }

    /// The result of a request, or `{"error": {..}}`.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        Client::new(&self.server).request(method, params).await
    }

    /// The text of a resource; empty when it does not exist.
    pub(crate) async fn read(&self, uri: &str) -> String {
        let read = self.ask("resources/read", json!({"uri": uri})).await;
        let text = read["contents"][0]["text"].as_str();
        text.unwrap_or_default().to_owned()
    }

    /// Somebody who subscribed to a resource, and to the list of resources.
    pub(crate) async fn subscriber(&self, uri: &str) -> Subscriber {
        let endpoint = endpoint_client::local(&self.server);
        let client = endpoint_client::Client::connect(&endpoint, "2025-11-25", json!({})).await;
        let subscribed = client.ask("resources/subscribe", json!({"uri": uri})).await;
        assert_eq!(subscribed["error"], Value::Null, "{subscribed}");
        let stream = client.listen().await;
        Subscriber(stream)
    }
}

pub(crate) struct Subscriber(Reply);

impl Subscriber {
    /// Waits for the next notification, and gives its method without `notifications/`.
    pub(crate) async fn hears(&mut self) -> String {
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await;
        let message = next.unwrap().unwrap();
        let method = message["method"].as_str().unwrap();
        method.strip_prefix("notifications/").unwrap().to_owned()
    }

    /// Waits until this is heard.
    pub(crate) async fn hears_that(&mut self, method: &str) {
        while self.hears().await != method {}
    }

    /// Waits until the resource, read whenever it has changed, is this.
    pub(crate) async fn reads(&mut self, desk: &Desk, uri: &str, text: &str) {
        loop {
            self.hears_that("resources/updated").await;
            if desk.read(uri).await == text {
                return;
            }
        }
    }
}
