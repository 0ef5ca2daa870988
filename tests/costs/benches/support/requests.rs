//! The requests that every server is measured with, and what a correct reply to them is.

use std::fmt::Write as _;
use std::net::SocketAddr;

use serde_json::Value;

use super::Outcome;

/// The `_meta` of every request.
const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"}}"#;

/// An order, 136 bytes of JSON.
const ORDER: &str = r#"{"customer":"C-1024","lines":[{"item":"fountain pen","count":2},{"item":"ink, blue","count":12},{"item":"paper, 100 sheets","count":1}]}"#;

/// What is asked.
#[derive(Clone, Copy)]
pub(crate) enum Ask {
    /// `tools/call` of `add` with 1 and 2.
    Call,
    /// `tools/call` of a tool that takes an order with three lines.
    Order {
        /// The tool.
        tool: &'static str,
    },
    /// `tools/list` of a server with so many tools.
    List {
        /// How many tools a correct reply has.
        tools: usize,
    },
}

impl Ask {
    /// The method's name.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Call | Self::Order { .. } => "tools/call",
            Self::List { .. } => "tools/list",
        }
    }

    /// The JSON of one request.
    pub(crate) fn json(self, id: u64) -> String {
        let own = match self {
            Self::Call => r#""name":"add","arguments":{"a":1,"b":2},"#.to_owned(),
            Self::Order { tool } => format!(r#""name":"{tool}","arguments":{{"order":{ORDER}}},"#),
            Self::List { .. } => String::new(),
        };
        json(id, self.method(), &own)
    }

    /// The bytes of one HTTP/1.1 request to a server at `address`.
    pub(crate) fn http(self, id: u64, address: SocketAddr) -> String {
        let name = matches!(self, Self::Call).then_some("add");
        http(self.method(), name, &self.json(id), address)
    }

    /// Refuses a reply that is not the correct one to the request `id`.
    pub(crate) fn check(self, id: u64, reply: &[u8]) -> Outcome<()> {
        self.is_correct(id, reply).ok_or_else(|| {
            let reply: String = String::from_utf8_lossy(reply).chars().take(400).collect();
            format!("wrong reply to {} {id}: {reply}", self.method()).into()
        })
    }

    /// Some if everything in the reply is as it should be.
    fn is_correct(self, id: u64, reply: &[u8]) -> Option<()> {
        let reply: Value = serde_json::from_slice(reply).ok()?;
        let result = reply.get("result")?;
        let correct = reply.get("jsonrpc")? == "2.0"
            && reply.get("id")? == id
            && result.get("resultType")? == "complete"
            && match self {
                Self::Call | Self::Order { .. } => {
                    *result.get("structuredContent")? == 3
                        && *result.pointer("/content/0/text")? == "3"
                }
                Self::List { tools } => result.get("tools")?.as_array()?.len() == tools,
            };
        correct.then_some(())
    }
}

/// The JSON of a request with these parameters, each followed by a comma, and a `_meta`.
pub(crate) fn json(id: u64, method: &str, own: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{{own}{META}}}}}"#)
}

/// The bytes of an HTTP/1.1 request to a server at `address`, about something of this name.
pub(crate) fn http(method: &str, name: Option<&str>, body: &str, address: SocketAddr) -> String {
    let mut request = format!(
        "POST /mcp HTTP/1.1\r\n\
         host: {address}\r\n\
         content-type: application/json\r\n\
         accept: application/json, text/event-stream\r\n\
         mcp-protocol-version: 2026-07-28\r\n\
         mcp-method: {method}\r\n"
    );
    if let Some(name) = name {
        // Writing to a string has no way to fail.
        let _ = write!(request, "mcp-name: {name}\r\n");
    }
    let _ = write!(request, "content-length: {}\r\n\r\n{body}", body.len());
    request
}
