//! Answers as bytes, in the form of the revision in use.

use std::borrow::Cow;

use crate::catalogue::ToolEntry;
use crate::error::Error;
use crate::json;
use crate::jsonrpc::Id;
use crate::output::{Reply, ReplyKind};
use crate::protocol::{Revision, code};
use crate::running::guarded;
use crate::schema::Shape;
use crate::server::Server;
use crate::text;

/// What goes back to the client.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The message, or `None` for a notification.
    pub(crate) body: Option<Vec<u8>>,
    /// The HTTP status. Hosts without statuses ignore it.
    pub(crate) status: u16,
    /// The revision that `initialize` settled.
    pub(crate) negotiated: Option<Revision>,
    /// The id, as raw JSON, of the request that the client wants no more.
    #[cfg(feature = "stdio")]
    pub(crate) cancels: Option<Box<str>>,
}

impl Answer {
    fn new(body: Vec<u8>) -> Self {
        Self {
            body: Some(body),
            status: 200,
            ..Self::none()
        }
    }

    pub(crate) fn none() -> Self {
        Self {
            body: None,
            status: 202,
            negotiated: None,
            #[cfg(feature = "stdio")]
            cancels: None,
        }
    }

    #[cfg(feature = "stdio")]
    pub(crate) fn cancels(id: &str) -> Self {
        Self {
            cancels: Some(id.into()),
            ..Self::none()
        }
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}

/// `{"jsonrpc":"2.0","id":..,"result":`
fn result_start(id: Id<'_>, capacity: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(capacity + id.0.len() + 40);
    out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
    out.extend_from_slice(id.0.as_bytes());
    out.extend_from_slice(br#","result":"#);
    out
}

const COMPLETE: &[u8] = br#"{"resultType":"complete""#;

/// An error. A message whose id could not be read is answered without one, as the schema has it.
pub(crate) fn error(id: Option<Id<'_>>, code: i32, message: &str) -> Answer {
    error_with(id, code, message, None)
}

fn error_with(id: Option<Id<'_>>, code: i32, message: &str, data: Option<&[u8]>) -> Answer {
    let mut out = br#"{"jsonrpc":"2.0","#.to_vec();
    if let Some(Id(id)) = id {
        out.extend_from_slice(br#""id":"#);
        out.extend_from_slice(id.as_bytes());
        out.push(b',');
    }
    out.extend_from_slice(br#""error":{"code":"#);
    json::value(&mut out, &code);
    out.extend_from_slice(br#","message":"#);
    json::string(&mut out, message);
    if let Some(data) = data {
        out.extend_from_slice(br#","data":"#);
        out.extend_from_slice(data);
    }
    out.extend_from_slice(b"}}");
    Answer::new(out)
}

/// The error that names the versions a client may use instead.
pub(crate) fn unsupported_version(id: Id<'_>, message: &str, requested: &str) -> Answer {
    let mut data = br#"{"supported":"#.to_vec();
    json::value(&mut data, &Revision::ALL.map(Revision::as_str));
    data.extend_from_slice(br#","requested":"#);
    data.extend_from_slice(requested.as_bytes());
    data.push(b'}');
    error_with(Some(id), code::UNSUPPORTED_VERSION, message, Some(&data))
}

pub(crate) fn discover(server: &Server, id: Id<'_>) -> Answer {
    let texts = &server.0.texts;
    let mut out = result_start(id, texts.discover.len() + texts.modern_end.len() + 30);
    out.extend_from_slice(COMPLETE);
    out.extend_from_slice(&texts.discover);
    out.extend_from_slice(&texts.modern_end);
    out.push(b'}');
    Answer::new(out)
}

pub(crate) fn initialize(server: &Server, id: Id<'_>, revision: Revision) -> Answer {
    let texts = server.0.texts.initialize(revision);
    let mut out = result_start(id, texts.len() + 40);
    out.extend_from_slice(br#"{"protocolVersion":""#);
    out.extend_from_slice(revision.as_str().as_bytes());
    out.push(b'"');
    out.extend_from_slice(texts);
    out.push(b'}');
    Answer {
        negotiated: Some(revision),
        ..Answer::new(out)
    }
}

pub(crate) fn pong(id: Id<'_>) -> Answer {
    let mut out = result_start(id, 3);
    out.extend_from_slice(b"{}}");
    Answer::new(out)
}

pub(crate) fn tools(server: &Server, id: Id<'_>, revision: Revision, tools: &[u8]) -> Answer {
    let texts = &server.0.texts;
    let mut out = result_start(id, tools.len() + texts.modern_end.len() + 100);
    let modern = revision.is_modern();
    if modern {
        out.extend_from_slice(COMPLETE);
        out.extend_from_slice(br#","tools":"#);
    } else {
        out.extend_from_slice(br#"{"tools":"#);
    }
    out.extend_from_slice(tools);
    if modern {
        out.extend_from_slice(&texts.list_caching);
        out.extend_from_slice(&texts.modern_end);
    } else {
        out.push(b'}');
    }
    out.push(b'}');
    Answer::new(out)
}

/// The result of a tool call.
pub(crate) fn result(
    server: &Server,
    id: Id<'_>,
    revision: Revision,
    tool: &ToolEntry,
    reply: Reply,
) -> Answer {
    let json = match reply.0 {
        ReplyKind::Json(json) => json,
        ReplyKind::TooLarge => {
            let limit = server.0.limits.result_bytes;
            tracing::warn!(
                tool = tool.spec.name,
                limit,
                "the result is larger than the limit"
            );
            let text = format!(
                "The result is larger than {limit} bytes and was not sent. Narrow the call: ask \
                 for fewer items, a shorter period or fewer fields."
            );
            return failure(server, id, revision, &text);
        }
        ReplyKind::Failed(error) => return failed(server, id, revision, tool, error),
        ReplyKind::BadArguments(text) => return failure(server, id, revision, &text),
        ReplyKind::Refused(text) => return failure(server, id, revision, text),
    };
    // The value as JSON is valid UTF-8: it came from a JSON writer.
    let text = std::str::from_utf8(&json).unwrap_or("null");
    let mut out = result_start(id, 3 * text.len() + server.0.texts.modern_end.len() + 120);
    start_result(&mut out, revision);
    match tool.shape {
        Shape::Nothing => out.extend_from_slice(br#""content":[]"#),
        Shape::Text => {
            // A JSON string already: the text of the block as it stands.
            let text = if text.starts_with('"') { text } else { "\"\"" };
            out.extend_from_slice(br#""content":[{"type":"text","text":"#);
            out.extend_from_slice(text.as_bytes());
            out.extend_from_slice(b"}]");
        }
        Shape::Object | Shape::Other => {
            out.extend_from_slice(br#""content":[{"type":"text","text":"#);
            json::string(&mut out, text);
            out.extend_from_slice(b"}]");
            if revision.has_structured_content() {
                let wrap = tool.shape == Shape::Other && !revision.is_modern();
                out.extend_from_slice(br#","structuredContent":"#);
                if wrap {
                    out.extend_from_slice(br#"{"result":"#);
                }
                out.extend_from_slice(text.as_bytes());
                if wrap {
                    out.push(b'}');
                }
            }
        }
    }
    end_result(&mut out, server, revision);
    Answer::new(out)
}

fn failed(
    server: &Server,
    id: Id<'_>,
    revision: Revision,
    tool: &ToolEntry,
    error: Error,
) -> Answer {
    // The text of a cause is the user's code as well.
    let text = guarded(|| error.disclose(tool.spec.name)).unwrap_or(Cow::Borrowed(
        "The tool failed, and so did the text of its error.",
    ));
    failure(server, id, revision, &text)
}

/// The longest error text that is sent, in characters. What is beyond helps no model.
const MAX_ERROR_TEXT: usize = 4096;

/// A result that says what went wrong, so that the model can read it and do better.
fn failure(server: &Server, id: Id<'_>, revision: Revision, text: &str) -> Answer {
    let text = text::cut(text, MAX_ERROR_TEXT);
    let mut out = result_start(id, text.len() + server.0.texts.modern_end.len() + 120);
    start_result(&mut out, revision);
    out.extend_from_slice(br#""content":[{"type":"text","text":"#);
    json::string(&mut out, text);
    out.extend_from_slice(br#"}],"isError":true"#);
    end_result(&mut out, server, revision);
    Answer::new(out)
}

fn start_result(out: &mut Vec<u8>, revision: Revision) {
    if revision.is_modern() {
        out.extend_from_slice(COMPLETE);
        out.push(b',');
    } else {
        out.push(b'{');
    }
}

fn end_result(out: &mut Vec<u8>, server: &Server, revision: Revision) {
    if revision.is_modern() {
        out.extend_from_slice(&server.0.texts.modern_end);
    } else {
        out.push(b'}');
    }
    out.push(b'}');
}
