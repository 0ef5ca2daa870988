//! The contents of resources and the messages of prompts.

use super::result::{MAX_ERROR_TEXT, disclose, is_too_large, too_large};
use super::{Answer, end_result, error_with, past_deadline, result_start, start_result};
use crate::audit::Outcome;
use crate::dispatch::Incoming;
use crate::error::{Error, Fault};
use crate::json;
use crate::message::Message;
use crate::output::{Reply, ReplyKind};
use crate::prompt::PromptSpec;
use crate::protocol::code;
use crate::resource::ResourceSpec;
use crate::text;

/// The result of `resources/read`.
pub(crate) fn contents(
    incoming: Incoming<'_>,
    spec: &ResourceSpec,
    uri: &str,
    reply: Reply,
) -> Answer {
    let revision = incoming.request.revision;
    let mut out = result_start(incoming.request.id, 200);
    start_result(&mut out, revision);
    out.extend_from_slice(br#""contents":["#);
    let start = out.len();
    match reply.0 {
        ReplyKind::Json(json) => write_value(spec, uri, &json, &mut out),
        ReplyKind::Resource(contents) => contents.write(uri, spec.mime_type, &mut out),
        ReplyKind::Failed(error) => return failed(incoming, spec.name, Some(uri), error),
        // The URI does not name what the variables' types can be.
        ReplyKind::BadArguments(text) => return resource_not_found(incoming, uri, &text),
        ReplyKind::TooLarge => {
            return incoming.error(code::INTERNAL, &too_large(incoming, spec.name));
        }
        ReplyKind::OverBudget(text) => return incoming.error(code::INTERNAL, &text),
        ReplyKind::Forbidden(error) => {
            let answer = contents(incoming, spec, uri, Reply(ReplyKind::Failed(error)));
            return answer.outcome(Outcome::Denied);
        }
        ReplyKind::Refused(text) => return stopped(incoming, Outcome::Denied, &text),
        ReplyKind::TimedOut(text) => return stopped(incoming, Outcome::TimedOut, &text),
        ReplyKind::Panicked => {
            let answer = contents(incoming, spec, uri, Reply::panic());
            return answer.outcome(Outcome::Panicked);
        }
        ReplyKind::PastDeadline(text) => return past_deadline(incoming, &text),
        ReplyKind::Content(_) | ReplyKind::Messages(_) => {
            return incoming.error(code::INTERNAL, "no contents");
        }
        #[cfg(feature = "seal")]
        ReplyKind::Page(_) => return incoming.error(code::INTERNAL, "no contents"),
    }
    if is_too_large(incoming, out.len() - start) {
        return incoming.error(code::INTERNAL, &too_large(incoming, spec.name));
    }
    out.push(b']');
    if revision.is_modern() {
        // What a function computes may differ by caller and time, and nothing says for how long.
        out.extend_from_slice(&incoming.server.0.texts.private_caching);
    }
    end_result(&mut out, incoming);
    Answer::new(out)
}

fn stopped(incoming: Incoming<'_>, outcome: Outcome, text: &str) -> Answer {
    incoming.error(code::INTERNAL, text).outcome(outcome)
}

/// Text as it is, anything else as JSON.
fn write_value(spec: &ResourceSpec, uri: &str, json: &[u8], out: &mut Vec<u8>) {
    let is_text = json.starts_with(b"\"");
    out.extend_from_slice(br#"{"uri":"#);
    json::string(out, uri);
    out.extend_from_slice(br#","mimeType":"#);
    let own = if is_text {
        "text/plain"
    } else {
        "application/json"
    };
    json::string(out, spec.mime_type.unwrap_or(own));
    out.extend_from_slice(br#","text":"#);
    if is_text {
        out.extend_from_slice(json);
    } else {
        json::string(out, std::str::from_utf8(json).unwrap_or("null"));
    }
    out.push(b'}');
}

/// A resource that does not exist, or not for this caller.
pub(crate) fn resource_not_found(incoming: Incoming<'_>, uri: &str, text: &str) -> Answer {
    let code = if incoming.request.revision.is_modern() {
        code::INVALID_PARAMS
    } else {
        code::RESOURCE_NOT_FOUND
    };
    let mut data = br#"{"uri":"#.to_vec();
    json::string(&mut data, uri);
    data.push(b'}');
    let text = text::cut(text, MAX_ERROR_TEXT);
    error_with(Some(incoming.request.id), code, text, Some(&data))
}

/// The result of `prompts/get`.
pub(crate) fn prompt(incoming: Incoming<'_>, spec: &PromptSpec, reply: Reply) -> Answer {
    let messages: Vec<Message> = match reply.0 {
        ReplyKind::Messages(messages) => messages,
        ReplyKind::Failed(error) => return failed(incoming, spec.name, None, error),
        ReplyKind::BadArguments(text) => return incoming.invalid(&text),
        ReplyKind::Forbidden(error) => {
            let answer = prompt(incoming, spec, Reply(ReplyKind::Failed(error)));
            return answer.outcome(Outcome::Denied);
        }
        ReplyKind::Refused(text) => return stopped(incoming, Outcome::Denied, &text),
        ReplyKind::TimedOut(text) => return stopped(incoming, Outcome::TimedOut, &text),
        ReplyKind::Panicked => {
            let answer = prompt(incoming, spec, Reply::panic());
            return answer.outcome(Outcome::Panicked);
        }
        ReplyKind::PastDeadline(text) => return past_deadline(incoming, &text),
        _ => return incoming.error(code::INTERNAL, "no messages"),
    };
    let revision = incoming.request.revision;
    let mut out = result_start(incoming.request.id, 200);
    start_result(&mut out, revision);
    out.extend_from_slice(br#""description":"#);
    json::string(&mut out, spec.description.trim());
    out.extend_from_slice(br#","messages":["#);
    let start = out.len();
    for (index, message) in messages.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        message.write(revision, &mut out);
    }
    if is_too_large(incoming, out.len() - start) {
        return incoming.error(code::INTERNAL, &too_large(incoming, spec.name));
    }
    out.push(b']');
    end_result(&mut out, incoming);
    Answer::new(out)
}

/// Neither resources nor prompts have results that say what went wrong, so an error of the protocol
/// does. `uri` is that of a resource.
fn failed(incoming: Incoming<'_>, name: &str, uri: Option<&str>, error: Error) -> Answer {
    match (disclose(error, name), uri) {
        (Fault::NotFound(text), Some(uri)) => resource_not_found(incoming, uri, &text),
        // What the author says to the caller of a prompt is about its arguments.
        (Fault::NotFound(text) | Fault::Public(text), None) => {
            incoming.invalid(text::cut(&text, MAX_ERROR_TEXT))
        }
        (Fault::Public(text) | Fault::Private(text), _) => {
            incoming.error(code::INTERNAL, text::cut(&text, MAX_ERROR_TEXT))
        }
        #[cfg(feature = "seal")]
        (Fault::CannotAsk(missing), _) if incoming.request.revision.is_modern() => {
            super::result::missing_capability(incoming, missing)
        }
        #[cfg(feature = "seal")]
        (Fault::CannotAsk(_), _) => incoming.error(code::INTERNAL, super::result::CANNOT_ASK),
        // There the answer is a part of the request.
        #[cfg(feature = "seal")]
        (Fault::BadAnswer(text), _) if incoming.request.revision.is_modern() => {
            incoming.invalid(text::cut(&text, MAX_ERROR_TEXT))
        }
        #[cfg(feature = "seal")]
        (Fault::BadAnswer(text), _) => {
            incoming.error(code::INTERNAL, text::cut(&text, MAX_ERROR_TEXT))
        }
    }
}
