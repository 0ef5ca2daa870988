//! What only older revisions have: `initialize`, log levels, subscriptions to single resources; and
//! messages that nobody answers.

use std::sync::Arc;

use super::run::heard;
use crate::bus::ClientEvent;
use crate::caller::Caller;
use crate::client::{Capabilities, ClientKey, Wishes};
use crate::dispatch::{Incoming, Transport, fields, short};
use crate::encode::{self, Answer};
#[cfg(feature = "seal")]
use crate::jsonrpc::Response;
use crate::jsonrpc::{self, Message};
use crate::log_level::{LEVELS, LogLevel};
use crate::protocol::code;
use crate::refusal::Refusal;
use crate::server::Server;

/// Settles a revision: with the connection, or in a session that the client names from now on.
pub(crate) fn initialize(incoming: Incoming<'_>) -> Answer {
    let fields = incoming.request.fields;
    let capabilities = fields
        .capabilities
        .map_or_else(Capabilities::default, Capabilities::parse);
    let revision = incoming.request.revision;
    let capabilities = capabilities.in_revision(revision);
    let answer = encode::initialize(incoming);
    match incoming.transport {
        #[cfg(feature = "http")]
        Transport::Http(_) => {
            #[cfg(feature = "seal")]
            if incoming.is_live() {
                let session = crate::sessions::Sessions::begin(
                    incoming.server,
                    incoming.caller,
                    revision,
                    capabilities,
                );
                return answer.session(session);
            }
            let _ = (revision, capabilities);
            answer
        }
        Transport::Connection(connection) => {
            connection.settle(revision, capabilities);
            answer
        }
        Transport::Alone => answer,
    }
}

/// What is remembered of the client; `None` for one without a session.
#[cfg_attr(
    not(all(feature = "http", feature = "seal")),
    allow(clippy::unnecessary_wraps) // only sessions can be too many
)]
fn wishes(incoming: Incoming<'_>) -> Result<Option<Remembered<'_>>, Answer> {
    match incoming.transport {
        Transport::Connection(connection) => Ok(Some(Remembered::Here(&connection.wishes))),
        #[cfg(all(feature = "http", feature = "seal"))]
        Transport::Http(_) => {
            let Some(key) = incoming.request.client.and_then(|client| client.key) else {
                return Ok(None);
            };
            let sessions = &incoming.server.0.custody.sessions;
            match sessions.wishes(incoming.server, key) {
                Some(wishes) => Ok(Some(Remembered::Shared(wishes))),
                None => Err(incoming.busy(
                    Refusal::TooManyClients,
                    "the server remembers no more clients at the moment; try again later",
                )),
            }
        }
        #[cfg(all(feature = "http", not(feature = "seal")))]
        Transport::Http(_) => Ok(None),
        Transport::Alone => Ok(None),
    }
}

enum Remembered<'a> {
    Here(&'a Wishes),
    #[cfg_attr(not(all(feature = "http", feature = "seal")), allow(dead_code))]
    Shared(Arc<Wishes>),
}

impl Remembered<'_> {
    fn get(&self) -> &Wishes {
        match self {
            Self::Here(wishes) => wishes,
            Self::Shared(wishes) => wishes,
        }
    }
}

/// Tells the other instances what a client did, which may talk to them next.
#[cfg_attr(
    not(all(feature = "http", feature = "seal")),
    allow(clippy::unused_async, unused_variables) // only sessions have several instances
)]
async fn share(incoming: Incoming<'_>, event: &ClientEvent<'_>) -> Result<(), Answer> {
    #[cfg(all(feature = "http", feature = "seal"))]
    if let Transport::Http(_) = incoming.transport
        && let Some(bridge) = incoming.server.0.notifier.0.bridge()
        && let Some(key) = incoming.request.client.and_then(|client| client.key)
    {
        let told = bridge.tell(key, event).await;
        return told.map_err(|()| incoming.busy(Refusal::BusAway, AWAY));
    }
    Ok(())
}

/// The text for what other instances have to know, while the event bus is away.
pub(crate) const AWAY: &str =
    "the other instances of this server cannot be told at the moment; try again in a while";

/// `logging/setLevel`. Without a session it is acknowledged and forgotten.
pub(crate) async fn set_log_level(incoming: Incoming<'_>) -> Answer {
    let level = incoming.request.fields.level.and_then(jsonrpc::text);
    let Some(level) = level.and_then(|text| LogLevel::parse(&text)) else {
        return incoming.invalid(&format!("`params.level` has to be one of {LEVELS}"));
    };
    match wishes(incoming) {
        Ok(Some(wishes)) => wishes.get().set_log_level(level),
        Ok(None) => {}
        Err(refused) => return refused,
    }
    match share(incoming, &ClientEvent::LogLevel(level)).await {
        Ok(()) => encode::empty(incoming.request.id),
        Err(refused) => refused,
    }
}

/// `resources/subscribe`.
pub(crate) async fn subscribe(incoming: Incoming<'_>) -> Answer {
    let Some(uri) = incoming.request.fields.uri.and_then(jsonrpc::text) else {
        return incoming.invalid("`params.uri` has to be the URI of a resource, as a string");
    };
    if heard(&incoming, &uri).is_none() {
        let text = format!("there is no resource `{}`", short(&uri));
        return encode::resource_not_found(incoming, &uri, &text);
    }
    match wishes(incoming) {
        Ok(Some(wishes)) if wishes.get().listener.subscribe(&uri) => {
            match share(incoming, &ClientEvent::Subscribed(&uri)).await {
                Ok(()) => encode::empty(incoming.request.id),
                Err(refused) => refused,
            }
        }
        Ok(Some(_)) => {
            let text = "you are at the limit of subscribed resources; end another first";
            incoming.busy(Refusal::TooManySubscriptions, text)
        }
        Ok(None) => incoming.error(
            code::INVALID_REQUEST,
            "a subscription needs a session: send the `Mcp-Session-Id` that `initialize` gave",
        ),
        Err(refused) => refused,
    }
}

/// `resources/unsubscribe`.
pub(crate) async fn unsubscribe(incoming: Incoming<'_>) -> Answer {
    let Some(uri) = incoming.request.fields.uri.and_then(jsonrpc::text) else {
        return incoming.invalid("`params.uri` has to be the URI of a resource, as a string");
    };
    match wishes(incoming) {
        Ok(Some(wishes)) => wishes.get().listener.unsubscribe(&uri),
        Ok(None) => {}
        Err(refused) => return refused,
    }
    match share(incoming, &ClientEvent::Unsubscribed(&uri)).await {
        Ok(()) => encode::empty(incoming.request.id),
        Err(refused) => refused,
    }
}

/// Takes a message that nobody answers: a notification, or the answer to a question of ours.
pub(crate) async fn one_way(
    server: &Server,
    message: &Message<'_>,
    transport: Transport<'_>,
    caller: Option<&Caller>,
) -> Answer {
    let client = match transport {
        Transport::Connection(connection) => {
            let _ = caller;
            connection.legacy()
        }
        Transport::Alone => None,
        #[cfg(feature = "http")]
        Transport::Http(request) => match crate::era::one_way_client(server, request, caller) {
            Ok(client) => client,
            Err(fault) => return fault.into_answer(None),
        },
    };
    let client = client.and_then(|client| client.key);
    if message.response.is_some() {
        return response(server, message, transport, client).await;
    }
    if message.method.as_deref() == Some("notifications/cancelled")
        && let Some(id) = fields(message).and_then(|fields| fields.request_id)
    {
        return cancelled(server, id, transport, client).await;
    }
    Answer::none()
}

/// Cancels a call of the client that says so. One that is not there has ended, or never was.
#[cfg_attr(
    not(all(feature = "http", feature = "seal", feature = "stdio")),
    allow(clippy::unused_async, unused_variables)
)]
async fn cancelled(
    server: &Server,
    id: &str,
    transport: Transport<'_>,
    client: Option<ClientKey>,
) -> Answer {
    match transport {
        #[cfg(feature = "stdio")]
        // The host owns the calls of the connection.
        Transport::Connection(_) => Answer::cancels(id),
        #[cfg(all(feature = "http", feature = "seal"))]
        Transport::Http(_) => {
            if let Some(client) = client {
                server.0.custody.sessions.cancel(client, id);
                if let Some(bridge) = server.0.notifier.0.bridge() {
                    // Asked for and not promised, so nobody is told where it could not be.
                    let _ = bridge.tell(client, &ClientEvent::Cancelled(id)).await;
                }
            }
            Answer::none()
        }
        #[allow(unreachable_patterns)] // which ones are left depends on the features
        _ => Answer::none(),
    }
}

/// Hands an answer of the client to the call that waits for it.
#[cfg_attr(not(feature = "seal"), allow(clippy::unused_async, unused_variables))]
async fn response(
    server: &Server,
    message: &Message<'_>,
    transport: Transport<'_>,
    client: Option<ClientKey>,
) -> Answer {
    #[cfg(feature = "seal")]
    if let (Some(id), Some(response), Some(client)) = (message.id, message.response, client) {
        // One that nobody waits for any more crossed the end of its call.
        let answer = match response {
            Response::Result(raw) => Ok(raw),
            Response::Error(raw) => Err(raw),
        };
        if server.0.custody.replies.fulfil(client, id, answer) || !transport.has_statuses() {
            return Answer::none();
        }
        if let Some(bridge) = server.0.notifier.0.bridge() {
            // Another instance may have asked.
            let told = bridge
                .tell(client, &ClientEvent::Answered(id.0, answer))
                .await;
            if told.is_err() {
                let answer = encode::refusal(None, Refusal::BusAway, code::INTERNAL, AWAY);
                return answer.status(503);
            }
        }
        return Answer::none();
    }
    match transport {
        Transport::Connection(_) | Transport::Alone => Answer::none(),
        #[cfg(feature = "http")]
        Transport::Http(_) => {
            let text = "this server asked nothing that this could answer; an answer comes in the session \
                        of its question (`Mcp-Session-Id`)";
            let refusal = Refusal::NothingAsked;
            encode::refusal(None, refusal, code::INVALID_REQUEST, text).status(400)
        }
    }
}
