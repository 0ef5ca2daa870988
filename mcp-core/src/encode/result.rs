//! The results of tool calls, and the questions that take their place.

use std::borrow::Cow;

#[cfg(feature = "seal")]
use super::error_with;
use super::{Answer, end_result, past_deadline, result_start, start_result};
#[cfg(feature = "seal")]
use crate::ask::Questions;
use crate::audit::Outcome;
use crate::content::Contents;
use crate::dispatch::{Incoming, short};
use crate::error::{Error, Fault};
use crate::json;
use crate::output::{Reply, ReplyKind};
use crate::protocol::code;
use crate::reply_limit::ReplyLimit;
use crate::running::guarded;
use crate::schema::Shape;
use crate::text;

/// The result of a tool call.
pub(crate) fn tool_result(
    incoming: Incoming<'_>,
    name: &str,
    shape: Shape,
    reply: Reply,
) -> Answer {
    match reply.0 {
        ReplyKind::Json(json) => value(incoming, shape, &json),
        ReplyKind::Content(contents) => blocks(incoming, name, &contents),
        ReplyKind::TooLarge => failure(incoming, &too_large(incoming, name)),
        ReplyKind::Failed(error) => match disclose(error, name) {
            Fault::Public(text) | Fault::NotFound(text) | Fault::Private(text) => {
                failure(incoming, &text)
            }
            #[cfg(feature = "seal")]
            Fault::CannotAsk(missing) if incoming.request.revision.is_modern() => {
                missing_capability(incoming, missing)
            }
            #[cfg(feature = "seal")]
            Fault::CannotAsk(_) => failure(incoming, CANNOT_ASK),
            // There the answer is a part of the request.
            #[cfg(feature = "seal")]
            Fault::BadAnswer(text) if incoming.request.revision.is_modern() => {
                incoming.invalid(text::cut(&text, MAX_ERROR_TEXT))
            }
            #[cfg(feature = "seal")]
            Fault::BadAnswer(text) => failure(incoming, &text),
        },
        ReplyKind::BadArguments(text) | ReplyKind::OverBudget(text) => failure(incoming, &text),
        ReplyKind::Forbidden(error) => {
            let reply = Reply(ReplyKind::Failed(error));
            tool_result(incoming, name, shape, reply).outcome(Outcome::Denied)
        }
        ReplyKind::Refused(text) => failure(incoming, &text).outcome(Outcome::Denied),
        ReplyKind::TimedOut(text) => failure(incoming, &text).outcome(Outcome::TimedOut),
        ReplyKind::Panicked => {
            tool_result(incoming, name, shape, Reply::panic()).outcome(Outcome::Panicked)
        }
        ReplyKind::PastDeadline(text) => past_deadline(incoming, &text),
        // What a tool returns is neither, and a page is finished by now.
        ReplyKind::Resource(_) | ReplyKind::Messages(_) => failure(incoming, "no result"),
        #[cfg(feature = "seal")]
        ReplyKind::Page(_) => failure(incoming, "no result"),
    }
}

/// What an older client reads that cannot be asked.
#[cfg(feature = "seal")]
pub(super) const CANNOT_ASK: &str = "This has to ask something that your client does not support, \
     or has no open stream to be asked on.";

/// The text for a result that is not sent; the log has a line as well.
pub(super) fn too_large(incoming: Incoming<'_>, name: &str) -> String {
    let limit = incoming.server.0.limits.result_bytes;
    tracing::warn!(tool = name, limit, "the result is larger than the limit");
    does_not_fit(limit)
}

/// What takes the place of an answer that the host cannot carry.
pub(crate) fn larger_than(incoming: Incoming<'_>, limit: ReplyLimit) -> Answer {
    let method = short(incoming.request.method);
    let bytes = limit.bytes();
    tracing::warn!(
        method,
        bytes,
        "the answer is larger than the host can carry"
    );
    if method == "tools/call" {
        return failure(incoming, &does_not_fit(bytes));
    }
    let text = format!("the answer is larger than {bytes} bytes, which is all this host can carry");
    incoming.error(code::INTERNAL, &text)
}

fn does_not_fit(bytes: impl std::fmt::Display) -> String {
    format!(
        "The result is larger than {bytes} bytes and was not sent. Narrow the call: ask for fewer \
         items, a shorter period or fewer fields."
    )
}

/// Whether so many bytes are more than a result may have.
pub(super) fn is_too_large(incoming: Incoming<'_>, bytes: usize) -> bool {
    bytes > usize::try_from(incoming.server.0.limits.result_bytes).unwrap_or(usize::MAX)
}

/// What the client may know of an error. The text of a cause is the user's code as well.
pub(super) fn disclose(error: Error, name: &str) -> Fault {
    guarded(|| error.disclose(name)).unwrap_or(Fault::Private(Cow::Borrowed(
        "The call failed, and so did the text of its error.",
    )))
}

fn value(incoming: Incoming<'_>, shape: Shape, json: &[u8]) -> Answer {
    let revision = incoming.request.revision;
    // The value as JSON is valid UTF-8: it came from a JSON writer.
    let text = std::str::from_utf8(json).unwrap_or("null");
    let capacity = 3 * text.len() + incoming.server.0.texts.modern_end.len() + 120;
    let mut out = result_start(incoming.request.id, capacity);
    start_result(&mut out, revision);
    match shape {
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
                let wrap = shape == Shape::Other && !revision.is_modern();
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
    end_result(&mut out, incoming);
    Answer::new(out)
}

fn blocks(incoming: Incoming<'_>, name: &str, contents: &Contents) -> Answer {
    let revision = incoming.request.revision;
    let mut out = result_start(incoming.request.id, 200);
    start_result(&mut out, revision);
    let start = out.len();
    out.extend_from_slice(br#""content":["#);
    for (index, block) in contents.blocks.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        block.write(revision, &mut out);
    }
    out.push(b']');
    if let Some(structured) = &contents.structured
        && revision.has_structured_content()
    {
        out.extend_from_slice(br#","structuredContent":"#);
        out.extend_from_slice(structured);
    }
    if is_too_large(incoming, out.len() - start) {
        return failure(incoming, &too_large(incoming, name));
    }
    end_result(&mut out, incoming);
    Answer::new(out)
}

/// The longest error text that is sent, in characters. What is beyond helps no model.
pub(super) const MAX_ERROR_TEXT: usize = 4096;

/// A result that says what went wrong, so that the model can read it and do better.
fn failure(incoming: Incoming<'_>, text: &str) -> Answer {
    let text = text::cut(text, MAX_ERROR_TEXT);
    let capacity = text.len() + incoming.server.0.texts.modern_end.len() + 120;
    let mut out = result_start(incoming.request.id, capacity);
    start_result(&mut out, incoming.request.revision);
    out.extend_from_slice(br#""content":[{"type":"text","text":"#);
    json::string(&mut out, text);
    out.extend_from_slice(br#"}],"isError":true"#);
    end_result(&mut out, incoming);
    Answer::new(out).outcome(Outcome::ToolError)
}

/// What takes the place of a call that somebody refused before it ran.
pub(crate) fn refused(incoming: Incoming<'_>, text: &str) -> Answer {
    let answer = if incoming.request.method == "tools/call" {
        failure(incoming, text)
    } else {
        incoming.error(code::INTERNAL, text::cut(text, MAX_ERROR_TEXT))
    };
    answer.outcome(Outcome::Denied)
}

/// What the client has to answer before the call can go on.
#[cfg(feature = "seal")]
pub(crate) fn questions(incoming: Incoming<'_>, questions: &Questions) -> Answer {
    let state = match questions.seal(incoming) {
        Ok(state) => state,
        Err(text) => return incoming.error(code::INTERNAL, text),
    };
    let mut out = result_start(incoming.request.id, state.len() + 400);
    out.extend_from_slice(br#"{"resultType":"input_required","inputRequests":{"#);
    questions.write(&mut out);
    out.extend_from_slice(br#"},"requestState":"#);
    json::string(&mut out, &state);
    end_result(&mut out, incoming);
    Answer::new(out).outcome(Outcome::InputRequired)
}

/// The client would have to be able to answer what was asked.
#[cfg(feature = "seal")]
pub(super) fn missing_capability(
    incoming: Incoming<'_>,
    missing: crate::client::Capabilities,
) -> Answer {
    let data = format!(r#"{{"requiredCapabilities":{}}}"#, missing.as_json());
    error_with(
        Some(incoming.request.id),
        code::MISSING_CAPABILITY,
        "this has to ask something that the client does not declare it can answer",
        Some(data.as_bytes()),
    )
    .status(400)
}
