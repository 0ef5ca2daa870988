//! A client of an older revision that talks to an endpoint without a socket, and reads what comes event
//! by event.

#![allow(clippy::needless_pass_by_value)] // parameters are made at the place of the call

use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use mcp_core::Server;
use mcp_core::http::{Endpoint, Ingress, ReplyBody};
use serde_json::{Value, json};
use tower_service::Service as _;

use crate::message::{self, Message};

/// The endpoint of a server for this machine.
///
/// # Panics
///
/// Never: a server of this machine needs nothing else.
pub fn local(server: &Server) -> Endpoint {
    Endpoint::new(server.clone(), Ingress::Loopback).unwrap()
}

/// Sends one HTTP request and waits for the beginning of its reply.
///
/// # Panics
///
/// When a header cannot be one.
pub async fn send(endpoint: &Endpoint, method: &str, message: &Message) -> Reply {
    let mut request = Request::builder().method(method).uri("/mcp");
    for (name, value) in message.headers() {
        request = request.header(name, value);
    }
    let request = request.body(message.line()).unwrap();
    let response = endpoint.clone().call(request).await.unwrap();
    let (head, body) = response.into_parts();
    Reply {
        status: head.status.as_u16(),
        headers: head.headers,
        body,
        unread: String::new(),
    }
}

/// A client, and the session that it names with each request.
#[derive(Clone, Debug)]
pub struct Client {
    endpoint: Endpoint,
    revision: &'static str,
    session: Option<String>,
    caller: Option<String>,
}

impl Client {
    /// A client without a session.
    pub fn new(endpoint: &Endpoint, revision: &'static str) -> Self {
        Self {
            endpoint: endpoint.clone(),
            revision,
            session: None,
            caller: None,
        }
    }

    /// A client that can be asked for this, after its handshake.
    ///
    /// # Panics
    ///
    /// When the server begins no session.
    pub async fn connect(endpoint: &Endpoint, revision: &'static str, can: Value) -> Self {
        let client = Self::new(endpoint, revision).initialize(can).await;
        assert!(client.session.is_some(), "no session was begun");
        client
    }

    /// The same client after a handshake, with the session that was begun, if one was.
    ///
    /// # Panics
    ///
    /// When the server refuses it.
    pub async fn initialize(mut self, can: Value) -> Self {
        let mut reply = self.post(initialize(self.revision, can)).await;
        assert_eq!(reply.status, 200);
        self.session = reply.header("mcp-session-id").map(str::to_owned);
        assert_eq!(
            reply.json().await["result"]["protocolVersion"],
            self.revision
        );
        self
    }

    /// The same client with another session, or none.
    pub fn session(mut self, session: Option<&str>) -> Self {
        self.session = session.map(str::to_owned);
        self
    }

    /// The same client on behalf of somebody, for [`Tokens`](crate::tokens::Tokens).
    pub fn caller(mut self, caller: &str) -> Self {
        self.caller = Some(caller.to_owned());
        self
    }

    /// The same client and session at another endpoint.
    pub fn at(mut self, endpoint: &Endpoint) -> Self {
        self.endpoint = endpoint.clone();
        self
    }

    /// The id of its session.
    ///
    /// # Panics
    ///
    /// When it has none.
    pub fn session_id(&self) -> &str {
        self.session.as_deref().expect("the client has no session")
    }

    /// A message with the headers of this client.
    pub fn message(&self, body: Value) -> Message {
        let mut message = message::json(body).header("mcp-protocol-version", self.revision);
        if let Some(session) = &self.session {
            message = message.header("mcp-session-id", session);
        }
        if let Some(caller) = &self.caller {
            message = message.from_caller(caller);
        }
        message
    }

    /// Sends a message.
    pub async fn post(&self, body: Value) -> Reply {
        self.send("POST", &self.message(body)).await
    }

    /// Sends what [`Client::message`] was changed to.
    pub async fn send(&self, method: &str, message: &Message) -> Reply {
        send(&self.endpoint, method, message).await
    }

    /// GET or DELETE.
    pub async fn without_body(&self, method: &str) -> Reply {
        self.send(method, &self.message(Value::Null)).await
    }

    /// Opens the stream of what comes beside replies.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub async fn listen(&self) -> Reply {
        let reply = self.without_body("GET").await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("content-type"), Some("text/event-stream"));
        reply
    }

    /// Comes back for what followed an event.
    pub async fn resume(&self, event: &str) -> Reply {
        let message = self.message(Value::Null);
        self.send("GET", &message.header("last-event-id", event))
            .await
    }

    /// Sends a request with the id 1 and gives its result, or `{"error": {..}}`.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub async fn ask(&self, method: &str, params: Value) -> Value {
        let mut messages = self.post(request(1, method, params)).await.messages().await;
        result(messages.pop().unwrap_or_default())
    }

    /// Calls a tool and gives the text of its result.
    ///
    /// # Panics
    ///
    /// When there is no answer.
    pub async fn call(&self, tool: &str, arguments: Value) -> String {
        let params = json!({"name": tool, "arguments": arguments});
        text(&self.ask("tools/call", params).await)
    }

    /// Answers a question of the server, and gives the status of that.
    pub async fn answer(&self, question: &Value, result: Value) -> u16 {
        let id = question["id"].clone();
        self.post(json!({"jsonrpc": "2.0", "id": id, "result": result}))
            .await
            .status
    }
}

/// `initialize` with the id 0.
pub fn initialize(revision: &str, can: Value) -> Value {
    let params = json!({
        "protocolVersion": revision,
        "capabilities": can,
        "clientInfo": {"name": "test", "version": "1"},
    });
    request(0, "initialize", params)
}

/// A request.
pub fn request(id: impl Into<Value>, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id.into(), "method": method, "params": params})
}

/// A call of a tool that says how far it has come under the token of its id.
pub fn call(id: impl Into<Value>, tool: &str, arguments: Value) -> Value {
    let id = id.into();
    let params = json!({"name": tool, "arguments": arguments, "_meta": {"progressToken": id}});
    request(id, "tools/call", params)
}

/// The result of an answer, or `{"error": {..}}`.
pub fn result(mut answer: Value) -> Value {
    match answer.get_mut("result") {
        Some(result) => result.take(),
        None => json!({"error": answer["error"].take()}),
    }
}

/// The text of a tool's result.
///
/// # Panics
///
/// When it has none.
pub fn text(result: &Value) -> String {
    let text = result["content"][0]["text"].as_str();
    text.unwrap_or_else(|| panic!("no text: {result}"))
        .to_owned()
}

/// A reply of which the head has come.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    headers: HeaderMap,
    body: ReplyBody,
    unread: String,
}

/// One event of a stream.
#[derive(Debug, Default)]
pub struct Event {
    /// Where the client can come back to.
    pub id: Option<String>,
    /// After how many milliseconds it should.
    pub retry: Option<u64>,
    /// What is said, if something is.
    pub message: Option<Value>,
}

impl Reply {
    /// A header's value.
    ///
    /// # Panics
    ///
    /// When it is no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap())
    }

    /// Reads a further part of the body; false at its end.
    async fn read(&mut self) -> bool {
        let Some(frame) = self.body.frame().await else {
            return false;
        };
        let data = frame.unwrap().into_data().unwrap();
        self.unread.push_str(std::str::from_utf8(&data).unwrap());
        true
    }

    /// The whole body as JSON; `null` for an empty one.
    ///
    /// # Panics
    ///
    /// When it is something else.
    pub async fn json(&mut self) -> Value {
        while self.read().await {}
        if self.unread.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&self.unread).unwrap_or_else(|_| panic!("no JSON: {}", self.unread))
    }

    /// The next event; `None` at the end of the stream.
    ///
    /// # Panics
    ///
    /// When it has other fields than those of an [`Event`].
    pub async fn event(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.unread.find("\n\n") {
                let event: String = self.unread.drain(..end + 2).collect();
                let lines: Vec<String> = event.trim_end().lines().map(str::to_owned).collect();
                if lines.iter().all(|line| line.starts_with(':')) {
                    continue;
                }
                return Some(parse(&lines));
            }
            if !self.read().await {
                assert_eq!(self.unread, "", "an event was cut off");
                return None;
            }
        }
    }

    /// The next message of a stream; `None` at its end.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            let event = self.event().await?;
            if event.message.is_some() {
                return event.message;
            }
        }
    }

    /// All messages that are still to come, of a stream or of one document.
    pub async fn messages(mut self) -> Vec<Value> {
        if self.header("content-type") != Some("text/event-stream") {
            return vec![self.json().await];
        }
        let mut messages = Vec::new();
        while let Some(message) = self.next().await {
            messages.push(message);
        }
        messages
    }
}

fn parse(lines: &[String]) -> Event {
    let mut event = Event::default();
    for line in lines {
        let (field, value) = line.split_once(':').unwrap();
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => event.id = Some(value.to_owned()),
            "retry" => event.retry = Some(value.parse().unwrap()),
            "data" if value.is_empty() => {}
            "data" => event.message = Some(serde_json::from_str(value).unwrap()),
            other => panic!("an event has no field `{other}`"),
        }
    }
    event
}
