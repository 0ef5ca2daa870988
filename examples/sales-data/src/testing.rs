//! A server with a database of its own, and a client of it whose user can be asked.

use std::sync::Arc;

use mcp_core::testing::Client;
use mcp_core::{HostError, Server};
use serde_json::{Value, json};

use crate::db::testing::TestDb;

pub(crate) struct Desk {
    client: Client,
    pub(crate) server: Server,
    pub(crate) db: TestDb,
}

impl Desk {
    pub(crate) fn new() -> Result<Self, HostError> {
        let db = TestDb::new()?;
        let server = crate::server(Arc::clone(&db))?;
        server.single_process();
        Ok(Self {
            client: Client::new(&server),
            server,
            db,
        })
    }

    /// Sends a request. Gives what came back: notifications, and last the answer.
    pub(crate) async fn send(&self, method: &str, mut params: Value) -> Vec<Value> {
        params["_meta"] = json!({
            "progressToken": 1,
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {"elicitation": {}},
        });
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        self.client.send(&message.to_string()).await
    }

    /// Sends a request. Gives the answer, a result or an error.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        self.send(method, params).await.pop().unwrap_or_default()
    }

    /// How often somebody who subscribed to a resource hears that it changed while this is done.
    pub(crate) async fn changes(&self, uri: &str, doing: impl Future<Output = ()>) -> usize {
        let wanted = json!({"notifications": {"resourceSubscriptions": [uri]}});
        let done = async {
            doing.await;
            self.server.end_subscriptions();
        };
        let (heard, ()) = tokio::join!(self.send("subscriptions/listen", wanted), done);
        heard
            .iter()
            .filter(|message| message["method"] == "notifications/resources/updated")
            .filter(|message| message["params"]["uri"] == uri)
            .count()
    }
}
