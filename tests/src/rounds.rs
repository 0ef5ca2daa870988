//! A client of 2026-07-28 over HTTP, without a socket: it sends a request, and sends it again with the
//! answers to what it was asked.

#![allow(clippy::needless_pass_by_value)] // parameters are made at the place of the call

use mcp_core::SealKeys;
use mcp_core::http::Endpoint;
use serde_json::{Value, json};

use crate::endpoint_client;
use crate::message::{self, Message};

/// Keys that are the same for every server of a test.
///
/// # Panics
///
/// Never: the keys are in order.
pub fn keys() -> SealKeys {
    SealKeys::new([("k1", [7; 32])]).unwrap()
}

/// An answer that is one document.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The media type.
    pub content_type: String,
    /// The message; null when the body is no JSON.
    pub body: Value,
}

impl Reply {
    /// The status and the code of the error.
    ///
    /// # Panics
    ///
    /// When it is no error.
    pub fn refusal(&self) -> (u16, i64) {
        let code = self.body["error"]["code"].as_i64();
        (self.status, code.unwrap_or_else(|| panic!("{self:?}")))
    }

    /// The result.
    ///
    /// # Panics
    ///
    /// When it is an error.
    pub fn result(&self) -> &Value {
        let result = self.body.get("result");
        result.unwrap_or_else(|| panic!("{self:?}"))
    }

    /// The first text of a result.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub fn text(&self) -> &str {
        let text = self.result()["content"][0]["text"].as_str();
        text.unwrap_or_else(|| panic!("{self:?}"))
    }

    /// What is asked, by key.
    ///
    /// # Panics
    ///
    /// When nothing is asked.
    pub fn questions(&self) -> &Value {
        let result = self.result();
        assert_eq!(result["resultType"], "input_required", "{self:?}");
        &result["inputRequests"]
    }

    /// What has to come back with the answers.
    ///
    /// # Panics
    ///
    /// When nothing is asked.
    pub fn state(&self) -> &str {
        self.questions();
        let state = self.result()["requestState"].as_str();
        state.unwrap_or_else(|| panic!("{self:?}"))
    }
}

/// Sends one message.
///
/// # Panics
///
/// When the answer is no document.
pub async fn post(endpoint: &Endpoint, message: &Message) -> Reply {
    let mut reply = endpoint_client::send(endpoint, "POST", message).await;
    Reply {
        status: reply.status,
        content_type: reply.header("content-type").unwrap_or_default().to_owned(),
        body: reply.json().await,
    }
}

/// A request that can be sent again with answers.
#[derive(Clone, Debug)]
pub struct Call {
    method: &'static str,
    params: Value,
    capabilities: Value,
    caller: Option<String>,
}

impl Call {
    /// A request of a client that can be asked for everything.
    pub fn new(method: &'static str, params: Value) -> Self {
        Self {
            method,
            params,
            capabilities: everything(),
            caller: None,
        }
    }

    /// A call of a tool.
    pub fn tool(name: &str, arguments: Value) -> Self {
        Self::new("tools/call", json!({"name": name, "arguments": arguments}))
    }

    /// The same from a client that can be asked for this.
    pub fn able(mut self, capabilities: Value) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// The same from somebody whose token says so.
    pub fn from_caller(mut self, caller: &str) -> Self {
        self.caller = Some(caller.to_owned());
        self
    }

    /// The message of the first round.
    pub fn message(&self) -> Message {
        let message = message::modern(self.method, self.params.clone());
        let message = message.capabilities(self.capabilities.clone());
        match &self.caller {
            Some(caller) => message.from_caller(caller),
            None => message,
        }
    }

    /// The same request with further fields.
    pub fn with(&self, fields: Value) -> Self {
        let mut call = self.clone();
        for (key, value) in fields.as_object().into_iter().flatten() {
            call.params[key] = value.clone();
        }
        call
    }

    /// The message of a later round.
    pub fn resumed(&self, state: impl Into<Value>, answers: Value) -> Message {
        let fields = json!({"requestState": state.into(), "inputResponses": answers});
        self.with(fields).message().id(8)
    }

    /// Sends the first round.
    pub async fn send(&self, endpoint: &Endpoint) -> Reply {
        post(endpoint, &self.message()).await
    }

    /// Sends a later round.
    pub async fn resume(&self, endpoint: &Endpoint, state: &str, answers: Value) -> Reply {
        post(endpoint, &self.resumed(state, answers)).await
    }
}

/// The capabilities of a client that can be asked for everything.
pub fn everything() -> Value {
    json!({"elicitation": {"form": {}, "url": {}}, "sampling": {}, "roots": {}})
}

/// The answer of a user who filled in a form.
pub fn accepted(content: Value) -> Value {
    json!({"action": "accept", "content": content})
}
