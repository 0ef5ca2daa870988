//! What stands between the requests of a session of an older revision: its stream of changes (GET),
//! replies that are taken up again (GET with `Last-Event-ID`), and its end (DELETE).

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use http::request::Parts;
use http::{Method, Response, StatusCode};
use tokio::sync::oneshot;

use super::body::ReplyBody;
use super::headers;
use super::ingress::Ingress;
use super::outbox::Outbox;
use super::response::{bare, document, events, refuse};
use super::service::{Shared, identified};
use crate::bus::ClientEvent;
use crate::caller::Caller;
use crate::client::{ClientKey, LegacyClient, Wishes};
use crate::context::Notifications;
use crate::dispatch::{HttpRequest, Mirrored};
use crate::encode::Answer;
use crate::era;
use crate::hub::Lists;
use crate::methods;
use crate::refusal::Refusal;

/// The header that names the last event that a client has.
const LAST_EVENT: &str = "last-event-id";

/// Answers GET and DELETE. `None` when neither means anything here.
pub(super) async fn respond(shared: &Arc<Shared>, parts: &Parts) -> Option<Response<ReplyBody>> {
    let known = parts.method == Method::GET || parts.method == Method::DELETE;
    let session = headers::session(&parts.headers);
    if !known || !shared.has_sessions() || matches!(session, Mirrored::Missing) {
        return None;
    }
    let caller = match identified(shared, parts).await {
        Ok(caller) => caller,
        Err(refused) => return Some(refused),
    };
    let request = HttpRequest {
        mirrors: headers::mirrors(&parts.headers),
        headers: &parts.headers,
        session,
        foreign_sessions: shared.ingress == Ingress::Platform,
        sessions: shared.abilities.sessions,
        subscriptions: shared.abilities.subscriptions,
    };
    let client = match era::one_way_client(&shared.server, &request, caller.as_ref()) {
        Ok(client) => client?,
        Err(fault) => {
            return Some(document(fault.into_answer(None)));
        }
    };
    let key = client.key?;
    Some(if parts.method == Method::DELETE {
        end(shared, key).await
    } else {
        stream(shared, parts, caller.as_ref(), &client, key)
    })
}

async fn end(shared: &Shared, key: ClientKey) -> Response<ReplyBody> {
    if shared.server.0.custody.sessions.end(key) {
        if let Some(bridge) = shared.server.0.notifier.0.bridge()
            && bridge.tell(key, &ClientEvent::Ended).await.is_err()
        {
            return refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                Refusal::BusAway,
                methods::AWAY,
            );
        }
        return bare(StatusCode::NO_CONTENT);
    }
    refuse(
        StatusCode::SERVICE_UNAVAILABLE,
        Refusal::TooManyEndedSessions,
        "the server cannot remember more ended sessions (`Limits::ended_sessions`); this one ends \
         by itself within a day",
    )
}

fn stream(
    shared: &Arc<Shared>,
    parts: &Parts,
    caller: Option<&Caller>,
    client: &LegacyClient,
    key: ClientKey,
) -> Response<ReplyBody> {
    if !headers::accepts_events(&parts.headers) {
        let text = "a stream needs `Accept: text/event-stream`";
        return refuse(StatusCode::NOT_ACCEPTABLE, Refusal::StreamNotAccepted, text);
    }
    let custody = &shared.server.0.custody;
    let limits = shared.server.limits();
    if let Some(event) = parts.headers.get(LAST_EVENT) {
        let event = event.to_str().unwrap_or_default();
        let reader = custody
            .replays
            .resume(key, event)
            .filter(|_| client.revision.has_polling());
        return match reader {
            Some(reader) => events(ReplyBody::replay(reader, limits.keep_alive)),
            None => refuse(
                StatusCode::BAD_REQUEST,
                Refusal::ReplyNotKept,
                "this reply is not kept (any more); send the request again",
            ),
        };
    }
    let full = || {
        let text = "the server is at its limit of streams; try again later";
        refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            Refusal::TooManySubscriptions,
            text,
        )
    };
    let Some(wishes) = custody.sessions.wishes(&shared.server, key) else {
        return full();
    };
    let principal = caller.map(Caller::principal);
    let hub = &shared.server.0.notifier.0;
    let Ok(place) = hub.listen(principal.as_deref(), Lists::default(), []) else {
        return full();
    };
    let replaced = wishes.take_stream();
    let outbox = Arc::new(Outbox::new(limits.queued_notifications));
    let notifications = Arc::clone(&outbox);
    let call = Box::pin(async move {
        let answer = changes(&wishes, replaced, &*notifications).await;
        // The stream counts as long as it is open.
        drop(place);
        answer
    });
    events(ReplyBody::stream(call, outbox, limits))
}

/// Tells a client of changes until its session ends or another stream takes the place of this one.
async fn changes(
    wishes: &Wishes,
    replaced: oneshot::Receiver<()>,
    notifications: &dyn Notifications,
) -> Answer {
    let mut replaced = pin!(replaced);
    let mut forwarded = pin!(methods::forward(&wishes.listener, notifications, None));
    poll_fn(|cx| {
        if replaced.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        forwarded.as_mut().poll(cx)
    })
    .await;
    Answer::none()
}
