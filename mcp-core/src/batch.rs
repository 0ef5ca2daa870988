//! Several messages in one array, which only revision 2025-03-26 has.

use serde_json::value::RawValue;

use crate::caller::Caller;
use crate::client::LegacyClient;
use crate::dispatch::{Outlet, Transport, answer_one};
use crate::encode::{self, Answer};
#[cfg(feature = "http")]
use crate::era;
use crate::era::EraFault;
use crate::jsonrpc::{self, Message};
use crate::protocol::{Revision, code};
use crate::refusal::Refusal;
use crate::server::Server;

/// Answers an array of messages, one after the other.
pub(crate) async fn answer(
    server: &Server,
    text: &str,
    transport: Transport<'_>,
    caller: Option<&Caller>,
    outlet: &Outlet<'_>,
) -> Answer {
    let refused = |message: &str| {
        encode::refusal(None, Refusal::Batch, code::INVALID_REQUEST, message).status(400)
    };
    match revision(server, transport, caller) {
        Ok(revision) if revision.has_batches() => {}
        Err(fault) if fault.status == 404 => return fault.into_answer(None),
        Ok(_) | Err(_) => {
            return refused("batches are for revision 2025-03-26 only; send one message at a time");
        }
    }
    let limit = server.0.limits.batch;
    let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(text) else {
        let text = "the message is not valid JSON";
        return encode::refusal(None, Refusal::MalformedMessage, code::PARSE, text).status(400);
    };
    if items.is_empty() {
        return refused("a batch holds at least one message");
    }
    if items.len() > usize::from(limit) {
        return refused(&format!(
            "a batch holds at most {limit} messages; send the rest in another"
        ));
    }
    let depth = server.0.limits.depth;
    let messages: Vec<_> = items
        .iter()
        .map(|item| jsonrpc::parse(item.get(), depth))
        .collect();
    // Before any of them is answered.
    if messages.iter().flatten().any(Message::is_modern) {
        return refused("a request of 2026-07-28 cannot be in a batch");
    }
    let mut answers: Vec<Vec<u8>> = Vec::new();
    for message in messages {
        let answer = match message {
            Ok(message) if message.method.as_deref() == Some("initialize") => encode::refusal(
                message.id,
                Refusal::Batch,
                code::INVALID_REQUEST,
                "`initialize` cannot be in a batch",
            ),
            Ok(message) => Box::pin(answer_one(server, &message, transport, caller, outlet)).await,
            Err(fault) if fault.silent => continue,
            Err(fault) => {
                let refusal = Refusal::MalformedMessage;
                encode::refusal(fault.id, refusal, fault.code, fault.message)
            }
        };
        answers.extend(answer.body);
    }
    if answers.is_empty() {
        return Answer::none();
    }
    let mut out = b"[".to_vec();
    for (index, answer) in answers.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(answer);
    }
    out.push(b']');
    let answer = Answer::new(out);
    match outlet.reply_limit {
        Some(limit) if !answer.fits(limit) => {
            let text = "the answers together are larger than the host can carry; send fewer messages \
                        at a time";
            encode::error(None, code::INTERNAL, text)
        }
        _ => answer,
    }
}

/// The revision that the client speaks, if it is an older one.
fn revision(
    server: &Server,
    transport: Transport<'_>,
    caller: Option<&Caller>,
) -> Result<Revision, EraFault> {
    let client = match transport {
        #[cfg(feature = "http")]
        Transport::Http(request) => era::http_client(server, request, caller)?,
        Transport::Connection(connection) => {
            let _ = (server, caller);
            let unknown = || EraFault::new(code::INVALID_REQUEST, "`initialize` comes first");
            connection.legacy().ok_or_else(unknown)?
        }
        Transport::Alone => LegacyClient::unknown(Revision::LATEST_LEGACY),
    };
    Ok(client.revision)
}
