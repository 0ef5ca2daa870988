//! Answers as bytes, in the form of the revision in use.

mod contents;
mod result;

pub(crate) use contents::{contents, prompt, resource_not_found};
#[cfg(feature = "seal")]
pub(crate) use result::questions;
pub(crate) use result::{larger_than, refused, tool_result};

use crate::audit::Outcome;
use crate::dispatch::Incoming;
use crate::json;
use crate::jsonrpc::Id;
use crate::protocol::{Revision, code, meta};
use crate::refusal::Refusal;
use crate::reply_limit::ReplyLimit;

/// What goes back to the client.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The message, or `None` for a notification.
    pub(crate) body: Option<Vec<u8>>,
    /// A notification that has to come before it, from a host that sends both in one piece.
    pub(crate) before: Option<Vec<u8>>,
    /// The HTTP status. Hosts without statuses ignore it.
    pub(crate) status: u16,
    /// The scopes that the caller has to ask for first, over HTTP.
    pub(crate) challenge: &'static [&'static str],
    /// How the request ended, and the code of an error of the protocol.
    pub(crate) outcome: Outcome,
    pub(crate) code: Option<i32>,
    /// After how many seconds to come again, where that is known.
    pub(crate) retry_after: Option<u32>,
    /// The session that `initialize` began, over HTTP.
    pub(crate) session: Option<Box<str>>,
    /// The id, as raw JSON, of the request that the client wants no more.
    #[cfg(feature = "stdio")]
    pub(crate) cancels: Option<Box<str>>,
}

impl Answer {
    pub(crate) fn new(body: Vec<u8>) -> Self {
        Self {
            body: Some(body),
            status: 200,
            ..Self::none()
        }
    }

    pub(crate) fn none() -> Self {
        Self {
            body: None,
            before: None,
            status: 202,
            challenge: &[],
            outcome: Outcome::Ok,
            code: None,
            retry_after: None,
            session: None,
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

    /// Whether a host with this limit can carry it.
    pub(crate) fn fits(&self, limit: ReplyLimit) -> bool {
        let [before, body] = [&self.before, &self.body].map(|part| part.as_deref());
        limit.admits(&[before.unwrap_or_default(), body.unwrap_or_default()])
    }

    pub(crate) fn session(mut self, session: Option<String>) -> Self {
        self.session = session.map(String::into_boxed_str);
        self
    }

    pub(crate) fn after(mut self, notification: Vec<u8>) -> Self {
        self.before = Some(notification);
        self
    }

    /// Says that the caller needs these scopes.
    pub(crate) fn challenge(mut self, scopes: &'static [&'static str]) -> Self {
        self.challenge = scopes;
        self
    }

    pub(crate) fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
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
    let mut answer = Answer::new(out).outcome(Outcome::RpcError);
    answer.code = Some(code);
    answer
}

/// An error that says by a code why a request is refused.
pub(crate) fn refusal(id: Option<Id<'_>>, refusal: Refusal, code: i32, message: &str) -> Answer {
    let data = format!(r#"{{"reason":"{refusal}"}}"#);
    error_with(id, code, message, Some(data.as_bytes()))
}

/// The host does not wait as long as this takes.
pub(crate) fn past_deadline(incoming: Incoming<'_>, text: &str) -> Answer {
    incoming
        .refuse(Refusal::Deadline, code::INTERNAL, text)
        .outcome(Outcome::TimedOut)
}

/// The error that names the versions a client may use instead.
pub(crate) fn unsupported_version(id: Option<Id<'_>>, message: &str, requested: &str) -> Answer {
    let mut data = br#"{"supported":"#.to_vec();
    json::value(&mut data, &Revision::ALL.map(Revision::as_str));
    data.extend_from_slice(br#","requested":"#);
    data.extend_from_slice(requested.as_bytes());
    data.push(b'}');
    error_with(id, code::UNSUPPORTED_VERSION, message, Some(&data))
}

/// `server/discover`.
pub(crate) fn discover(incoming: Incoming<'_>) -> Answer {
    let texts = &incoming.server.0.texts;
    let fields = texts.discover(incoming.is_live());
    let mut out = result_start(
        incoming.request.id,
        fields.len() + texts.modern_end.len() + 30,
    );
    out.extend_from_slice(COMPLETE);
    out.extend_from_slice(fields);
    out.extend_from_slice(&texts.modern_end);
    out.push(b'}');
    Answer::new(out)
}

/// `initialize`.
pub(crate) fn initialize(incoming: Incoming<'_>) -> Answer {
    let revision = incoming.request.revision;
    let fields = incoming
        .server
        .0
        .texts
        .initialize(revision, incoming.is_live());
    let mut out = result_start(incoming.request.id, fields.len() + 40);
    out.extend_from_slice(br#"{"protocolVersion":""#);
    out.extend_from_slice(revision.as_str().as_bytes());
    out.push(b'"');
    out.extend_from_slice(fields);
    out.push(b'}');
    Answer::new(out)
}

/// A result without fields, as older revisions have it.
pub(crate) fn empty(id: Id<'_>) -> Answer {
    let mut out = result_start(id, 3);
    out.extend_from_slice(b"{}}");
    Answer::new(out)
}

/// A list: its items, separated by commas, and where it goes on.
pub(crate) fn list(
    incoming: Incoming<'_>,
    key: &str,
    items: &[u8],
    next: Option<&str>,
    caching: &[u8],
) -> Answer {
    let texts = &incoming.server.0.texts;
    let modern = incoming.request.revision.is_modern();
    let mut out = result_start(
        incoming.request.id,
        items.len() + texts.modern_end.len() + 120,
    );
    start_result(&mut out, incoming.request.revision);
    out.push(b'"');
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(br#"":["#);
    out.extend_from_slice(items);
    out.push(b']');
    if let Some(cursor) = next {
        out.extend_from_slice(br#","nextCursor":"#);
        json::string(&mut out, cursor);
    }
    if modern {
        out.extend_from_slice(caching);
    }
    end_result(&mut out, incoming);
    Answer::new(out)
}

/// Suggested values; `more` says that there are others.
pub(crate) fn completion(incoming: Incoming<'_>, values: &[String], more: bool) -> Answer {
    let mut out = result_start(incoming.request.id, 200);
    start_result(&mut out, incoming.request.revision);
    out.extend_from_slice(br#""completion":{"values":"#);
    json::value(&mut out, values);
    if !more {
        out.extend_from_slice(br#","total":"#);
        json::value(&mut out, &values.len());
    }
    out.extend_from_slice(br#","hasMore":"#);
    json::value(&mut out, &more);
    out.push(b'}');
    end_result(&mut out, incoming);
    Answer::new(out)
}

/// The proper end of a subscription.
pub(crate) fn listened(incoming: Incoming<'_>) -> Answer {
    let mut out = result_start(incoming.request.id, 120);
    out.extend_from_slice(COMPLETE);
    out.extend_from_slice(br#","_meta":{"#);
    json::string(&mut out, meta::SUBSCRIPTION_ID);
    out.push(b':');
    out.extend_from_slice(incoming.request.id.0.as_bytes());
    // The rest of what every result says, after its own opening brace.
    let end = &incoming.server.0.texts.modern_end;
    let rest = end.get(br#","_meta":{"#.len()..).unwrap_or(b"}}");
    out.push(b',');
    out.extend_from_slice(rest);
    out.push(b'}');
    Answer::new(out)
}

/// Opens the result object, up to where its own fields begin.
fn start_result(out: &mut Vec<u8>, revision: Revision) {
    if revision.is_modern() {
        out.extend_from_slice(COMPLETE);
        out.push(b',');
    } else {
        out.push(b'{');
    }
}

/// Closes the result object and the message.
fn end_result(out: &mut Vec<u8>, incoming: Incoming<'_>) {
    if incoming.request.revision.is_modern() {
        out.extend_from_slice(&incoming.server.0.texts.modern_end);
    } else {
        out.push(b'}');
    }
    out.push(b'}');
}
