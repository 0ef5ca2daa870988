//! Messages of a client, as they are written on standard input and sent over HTTP.

// Most parameters are made at the place of the call.
#![allow(clippy::needless_pass_by_value)]

use serde_json::{Value, json};

/// The methods whose name or URI a header repeats, and the field that it repeats.
const NAMED: [(&str, &str); 3] = [
    ("tools/call", "name"),
    ("prompts/get", "name"),
    ("resources/read", "uri"),
];

/// One message, with the headers that it has over HTTP.
#[derive(Clone, Debug)]
pub struct Message {
    body: Value,
    headers: Vec<(String, Vec<u8>)>,
}

/// A complete request of 2026-07-28, with the id 7.
pub fn modern(method: &str, mut params: Value) -> Message {
    let named = NAMED.iter().find(|(known, _)| *known == method);
    let name = named.and_then(|(_, field)| params[*field].as_str().map(str::to_owned));
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let message = request("2026-07-28", method, params).header("mcp-method", method);
    match name {
        Some(name) => message.header("mcp-name", name),
        None => message,
    }
}

/// A complete call of 2026-07-28.
pub fn call(tool: &str, arguments: Value) -> Message {
    modern("tools/call", json!({"name": tool, "arguments": arguments}))
}

/// A request of an older revision, as it comes after `initialize`.
pub fn legacy(revision: &str, method: &str, params: Value) -> Message {
    request(revision, method, params)
}

fn request(revision: &str, method: &str, params: Value) -> Message {
    json(json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}))
        .header("mcp-protocol-version", revision)
}

/// Anything, with the headers that every request has.
pub fn json(body: Value) -> Message {
    let message = Message {
        body,
        headers: Vec::new(),
    };
    message
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
}

impl Message {
    /// The same with another id.
    pub fn id(mut self, id: impl Into<Value>) -> Self {
        self.body["id"] = id.into();
        self
    }

    /// The same with this key in `_meta`.
    pub fn meta(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.body["params"]["_meta"][key] = value.into();
        self
    }

    /// The same from a client that can be asked for this.
    pub fn capabilities(self, capabilities: Value) -> Self {
        self.meta("io.modelcontextprotocol/clientCapabilities", capabilities)
    }

    /// The same from a client that wants log messages from this level on.
    pub fn log_level(self, level: &str) -> Self {
        self.meta("io.modelcontextprotocol/logLevel", level)
    }

    /// The same with a token for progress.
    pub fn progress(self, token: impl Into<Value>) -> Self {
        self.meta("progressToken", token)
    }

    /// The same with this header in the place of the one of its name, if there is one.
    pub fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let mut message = self.without(name);
        message
            .headers
            .push((name.to_owned(), value.as_ref().to_vec()));
        message
    }

    /// The same without a header.
    pub fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// The same with a token that says who sends it, for [`Tokens`](crate::tokens::Tokens).
    pub fn from_caller(self, caller: &str) -> Self {
        self.header("authorization", format!("Bearer {caller}"))
    }

    /// The message on one line.
    pub fn line(&self) -> String {
        self.body.to_string()
    }

    /// The message as an HTTP request to this path.
    pub fn post(&self, path: &str) -> Vec<u8> {
        let body = self.line();
        let mut bytes = format!("POST {path} HTTP/1.1\r\n").into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("content-length: {}\r\n\r\n{body}", body.len()).as_bytes());
        bytes
    }

    /// The headers, for an endpoint without a socket.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
    }
}
