//! `subscriptions/listen`: a stream of changes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::run::heard;
use crate::caller::Caller;
use crate::context::Notifications;
use crate::dispatch::{Incoming, Transport};
use crate::encode::{self, Answer};
use crate::hub::{Change, Full, Listener, Lists};
use crate::json;
use crate::jsonrpc::Id;
use crate::protocol::meta;
use crate::refusal::Refusal;

/// Acknowledges a subscription and tells its client of changes until either side ends it.
pub(crate) async fn listen(incoming: Incoming<'_>) -> Answer {
    let wanted = incoming
        .request
        .fields
        .notifications
        .and_then(|raw| serde_json::from_str::<Value>(raw).ok())
        .filter(Value::is_object);
    let Some(wanted) = wanted else {
        return incoming.invalid("`params.notifications` has to be an object");
    };
    let id = incoming.request.id;
    let Some(notifications) = incoming.outlet.notifications.filter(|_| incoming.is_live()) else {
        if matches!(incoming.transport, Transport::Alone) {
            return incoming
                .invalid("a subscription needs a connection, and this message came alone");
        }
        if takes_events(incoming) {
            // The host keeps no stream open, so nothing can be heard, which fits one piece.
            let nothing = acknowledgement(id, Lists::default(), &[]);
            return encode::listened(incoming).after(nothing);
        }
        return incoming.invalid("a subscription is a stream: send `Accept: text/event-stream`");
    };
    let (lists, uris) = honoured(incoming, &wanted);
    let principal = incoming.caller.map(Caller::principal);
    let hub = &incoming.server.0.notifier.0;
    let listener = match hub.listen(principal.as_deref(), lists, uris.iter().cloned()) {
        Ok(listener) => listener,
        Err(Full::Server) => {
            return incoming.busy(
                Refusal::TooManySubscriptions,
                "the server is at its limit of subscriptions; try again later",
            );
        }
        Err(Full::Caller) => {
            return incoming.busy(
                Refusal::TooManySubscriptions,
                "you are at the limit of subscriptions; end another first",
            );
        }
    };
    notifications.deliver(acknowledgement(id, lists, &uris));
    if lists == Lists::default() && uris.is_empty() {
        // Nothing that is asked for can ever change.
        return encode::listened(incoming);
    }
    let forwarded = forward(&listener, &**notifications, Some(id));
    match longest(incoming) {
        Some(longest) => drop(tokio::time::timeout(longest, forwarded).await),
        None => forwarded.await,
    }
    if !incoming.transport.has_statuses() {
        // On a channel that all share, this says that nothing more comes for this id.
        notifications.deliver(cancelled(id));
    }
    encode::listened(incoming)
}

/// Whether the client reads events, whatever the host can do.
fn takes_events(incoming: Incoming<'_>) -> bool {
    match incoming.transport {
        #[cfg(feature = "http")]
        Transport::Http(http) => crate::http::accepts_events(http.headers),
        Transport::Connection(_) | Transport::Alone => false,
    }
}

/// How long a subscription lasts, whoever still listens.
fn longest(incoming: Incoming<'_>) -> Option<Duration> {
    let longest = match incoming.transport {
        #[cfg(feature = "http")]
        Transport::Http(http) => http.subscriptions,
        Transport::Connection(_) | Transport::Alone => None,
    };
    let deadline = incoming.outlet.deadline;
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    [longest, left].into_iter().flatten().min()
}

/// Passes changes on until the listener is closed.
pub(crate) async fn forward(
    listener: &Listener,
    notifications: &dyn Notifications,
    subscription: Option<Id<'_>>,
) {
    while let Some(change) = listener.next().await {
        notifications.deliver(notification(&change, subscription));
        // One at a time, so that a client which does not read makes nothing pile up.
        tokio::task::yield_now().await;
    }
}

/// The part of what a client wants that it will hear of.
fn honoured(incoming: Incoming<'_>, wanted: &Value) -> (Lists, Vec<Arc<str>>) {
    let server = &incoming.server.0;
    let wants = |key: &str| {
        wanted
            .get(key)
            .is_some_and(|value| *value == Value::Bool(true))
    };
    let changing = incoming.server.changing_lists();
    let lists = Lists {
        tools: wants("toolsListChanged") && changing.tools,
        prompts: wants("promptsListChanged") && changing.prompts,
        resources: wants("resourcesListChanged") && changing.resources,
    };
    let mut uris: Vec<Arc<str>> = Vec::new();
    let given = wanted
        .get("resourceSubscriptions")
        .and_then(Value::as_array);
    for uri in given.into_iter().flatten().filter_map(Value::as_str) {
        if uris.len() >= usize::from(server.limits.subscribed_resources) {
            break;
        }
        // Whether a resource exists that the caller may not see is not theirs to learn.
        if heard(&incoming, uri).is_some() && !uris.iter().any(|known| **known == *uri) {
            uris.push(uri.into());
        }
    }
    (lists, uris)
}

fn acknowledgement(id: Id<'_>, lists: Lists, uris: &[Arc<str>]) -> Vec<u8> {
    let mut out = br#"{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"#.to_vec();
    let flags = [
        ("toolsListChanged", lists.tools),
        ("promptsListChanged", lists.prompts),
        ("resourcesListChanged", lists.resources),
    ];
    let mut separator: &[u8] = b"";
    for (name, _) in flags.iter().filter(|(_, on)| *on) {
        out.extend_from_slice(separator);
        json::string(&mut out, name);
        out.extend_from_slice(b":true");
        separator = b",";
    }
    if !uris.is_empty() {
        out.extend_from_slice(separator);
        out.extend_from_slice(br#""resourceSubscriptions":"#);
        let uris: Vec<&str> = uris.iter().map(|uri| &**uri).collect();
        json::value(&mut out, &uris);
    }
    out.extend_from_slice(b"},");
    write_subscription(id, &mut out);
    out.extend_from_slice(b"}}");
    out
}

/// `"_meta":{..}`, which says to what a message belongs.
fn write_subscription(id: Id<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(br#""_meta":{"#);
    json::string(out, meta::SUBSCRIPTION_ID);
    out.push(b':');
    out.extend_from_slice(id.0.as_bytes());
    out.push(b'}');
}

fn notification(change: &Change, subscription: Option<Id<'_>>) -> Vec<u8> {
    let mut out = br#"{"jsonrpc":"2.0","method":"#.to_vec();
    json::string(&mut out, change.method());
    let uri = match change {
        Change::Updated(uri) => Some(uri),
        Change::Tools | Change::Prompts | Change::Resources => None,
    };
    if uri.is_some() || subscription.is_some() {
        out.extend_from_slice(br#","params":{"#);
        if let Some(uri) = uri {
            out.extend_from_slice(br#""uri":"#);
            json::string(&mut out, uri);
        }
        if let Some(id) = subscription {
            if uri.is_some() {
                out.push(b',');
            }
            write_subscription(id, &mut out);
        }
        out.push(b'}');
    }
    out.push(b'}');
    out
}

fn cancelled(id: Id<'_>) -> Vec<u8> {
    let mut out =
        br#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"#.to_vec();
    out.extend_from_slice(id.0.as_bytes());
    out.extend_from_slice(b"}}");
    out
}
