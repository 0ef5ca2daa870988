//! One request to a server in any revision of the protocol, without a process or a socket.

use std::collections::HashMap;

use http::Request;
use http_body_util::BodyExt as _;
use mcp_core::http::{Endpoint, PlatformCaller};
use mcp_core::testing::Client;
use mcp_core::{Caller, Server};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tower_service::Service as _;

use crate::message::{self, Message};

/// The revision whose requests stand alone.
pub const MODERN: &str = "2026-07-28";

/// Those that begin with `initialize`.
pub const LEGACY: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// All of them, the newest first.
pub const REVISIONS: [&str; 5] = [MODERN, LEGACY[0], LEGACY[1], LEGACY[2], LEGACY[3]];

/// Asks a server on behalf of somebody.
#[derive(Clone, Debug)]
pub struct Asker {
    server: Server,
    caller: Caller,
}

impl Asker {
    /// On behalf of somebody who holds every scope.
    pub fn new(server: &Server) -> Self {
        Self::local(server, "me")
    }

    /// On behalf of the user of the server's machine, of this name.
    pub fn local(server: &Server, name: &str) -> Self {
        Self {
            server: server.clone(),
            caller: Caller::local(name),
        }
    }

    /// On behalf of somebody of this name who holds these scopes.
    pub fn named<const N: usize>(server: &Server, name: &str, scopes: [&str; N]) -> Self {
        Self {
            server: server.clone(),
            caller: Caller::for_tests(name).with_scopes(scopes),
        }
    }

    /// The answer as it is sent: of the newest revision on a connection, of an older one by HTTP.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub async fn raw(&self, revision: &str, method: &str, params: Value) -> String {
        let bytes = if revision == MODERN {
            let client = Client::new(&self.server).as_caller(self.caller.clone());
            client
                .send_raw(&message::modern(method, params).line())
                .await
        } else {
            self.post(&message::legacy(revision, method, params)).await
        };
        String::from_utf8(bytes).unwrap()
    }

    async fn post(&self, message: &Message) -> Vec<u8> {
        let mut request = Request::post("/mcp").extension(PlatformCaller(self.caller.clone()));
        for (name, value) in message.headers() {
            request = request.header(name, value);
        }
        let request = request.body(message.line()).unwrap();
        let mut endpoint = Endpoint::behind_platform(self.server.clone());
        let response = endpoint.call(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap();
        body.to_bytes().to_vec()
    }

    /// The result, or `{"error": {..}}`.
    ///
    /// # Panics
    ///
    /// When there is no answer, or it is not to this request.
    pub async fn ask(&self, revision: &str, method: &str, params: Value) -> Value {
        let raw = self.raw(revision, method, params).await;
        let mut answer: Value = serde_json::from_str(&raw).unwrap();
        assert_eq!(answer["id"], 7, "{raw}");
        match answer.get_mut("result") {
            Some(result) => result.take(),
            None => json!({"error": answer["error"].take()}),
        }
    }

    /// The code of the error that the answer is, or 0 for a result.
    ///
    /// # Panics
    ///
    /// As [`Asker::ask`].
    pub async fn code(&self, revision: &str, method: &str, params: Value) -> i64 {
        let answer = self.ask(revision, method, params).await;
        answer["error"]["code"].as_i64().unwrap_or_default()
    }

    /// The entries of a list, each as it is sent.
    ///
    /// # Panics
    ///
    /// When the answer is no list.
    pub async fn entries(&self, revision: &str, method: &str, key: &str) -> Vec<String> {
        type Fields<T> = HashMap<String, T>;
        let raw = self.raw(revision, method, json!({})).await;
        let mut answer: Fields<Box<RawValue>> = serde_json::from_str(&raw).unwrap();
        let result = answer.remove("result").unwrap_or_else(|| panic!("{raw}"));
        let mut result: Fields<Box<RawValue>> = serde_json::from_str(result.get()).unwrap();
        let list = result.remove(key).unwrap();
        let list: Vec<Box<RawValue>> = serde_json::from_str(list.get()).unwrap();
        list.iter().map(|entry| entry.get().to_owned()).collect()
    }

    /// What every revision has as the entries of a list, one a line, for a snapshot.
    ///
    /// # Panics
    ///
    /// As [`Asker::entries`].
    pub async fn entries_by_revision(&self, method: &str, key: &str) -> String {
        let mut out = String::new();
        for revision in REVISIONS {
            let entries = self.entries(revision, method, key).await;
            out.push_str(&format!("{revision}\n{}\n\n", entries.join("\n")));
        }
        out
    }

    /// What the server declares to a client that stays connected.
    ///
    /// # Panics
    ///
    /// When it declares nothing.
    pub async fn capabilities(&self, revision: &str) -> Value {
        if revision == MODERN {
            return self.ask(MODERN, "server/discover", json!({})).await["capabilities"].take();
        }
        let params = json!({
            "protocolVersion": revision,
            "capabilities": {},
            "clientInfo": {"name": "asker", "version": "1"},
        });
        let message = message::legacy(revision, "initialize", params);
        let mut answers = Client::new(&self.server).send(&message.line()).await;
        answers.pop().unwrap()["result"]["capabilities"].take()
    }
}
