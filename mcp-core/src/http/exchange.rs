//! A request that was let in, until its reply begins.

use std::future::poll_fn;
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use std::time::{Duration, Instant};

use http::Response;
use http::request::Parts;
use tracing::Instrument as _;

use super::body::{BoxedAnswer, ReplyBody};
use super::headers;
use super::outbox::Outbox;
use super::queue::push_event;
use super::response::{document, events, internal_error};
use super::service::Abilities;
use super::sign_in::Guide;
use crate::caller::Caller;
#[cfg(feature = "seal")]
use crate::client::ClientKey;
use crate::context::Notifications;
use crate::dispatch::{self, HttpRequest, Outlet, Settled, Transport};
use crate::encode::Answer;
use crate::reply_limit::ReplyLimit;
use crate::server::Server;
#[cfg(feature = "seal")]
use crate::sessions::Cancellable;

/// When a call has to end. A host that stops waiting at some time puts this into the request's
/// extensions, so much earlier that the answer can still be sent. A call that is stopped by it is
/// answered with the error -32603, whose `data.reason` is `deadline`; nothing begins after it.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use mcp_core::http::Deadline;
///
/// let mut request = http::Request::new(());
/// request.extensions_mut().insert(Deadline(Instant::now() + Duration::from_secs(29)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Deadline(pub Instant);

impl Deadline {
    pub(super) fn left(&self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

/// A request that was let in, with all that is needed to answer it.
pub(super) struct Exchange {
    pub(super) server: Server,
    pub(super) parts: Parts,
    pub(super) text: String,
    pub(super) caller: Option<Caller>,
    /// Where what the tool says goes; `None` for a client or host that takes no stream.
    pub(super) outbox: Option<Arc<Outbox>>,
    /// Whether ids of sessions that are not of our making are a platform's.
    pub(super) foreign_sessions: bool,
    /// What the host can do besides answering.
    pub(super) abilities: Abilities,
    /// What clients are told about signing in.
    pub(super) guide: Arc<Guide>,
    /// What was found out about the request.
    pub(super) found: Arc<OnceLock<Found>>,
}

/// What has to be known about a request while it is answered.
pub(super) struct Found {
    /// Whether a disconnect leaves the call running: before 2026-07-28 it is no cancellation.
    outlives_connection: bool,
    /// The client and the id of the request, by which it can be cancelled.
    #[cfg(feature = "seal")]
    cancelled_by: Option<(ClientKey, Box<str>)>,
}

impl Exchange {
    /// Waits until the call has finished or says something, whichever comes first.
    pub(super) async fn respond(self) -> Response<ReplyBody> {
        let outbox = self.outbox.clone();
        let found = Arc::clone(&self.found);
        let server = self.server.clone();
        let streams = self.abilities.streams;
        let guide = Arc::clone(&self.guide);
        let reply_limit = self.reply_limit();
        let mut call: BoxedAnswer = Box::pin(self.answer());
        let first = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await;
        let finished = match first {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => {
                if let Some(found) = found.get()
                    && found.outlives_connection
                {
                    call = detached(call, &server, found, outbox.as_ref());
                }
                poll_fn(|cx| {
                    if let Some(outbox) = &outbox {
                        outbox.wake_on_message(cx.waker());
                        if streams && outbox.has_begun() {
                            return Poll::Ready(None);
                        }
                    }
                    let polled = call.as_mut().poll(cx).map(Some);
                    match &outbox {
                        Some(outbox) if streams && polled.is_pending() && outbox.has_begun() => {
                            Poll::Ready(None)
                        }
                        _ => polled,
                    }
                })
                .await
            }
        };
        let Some(outbox) = outbox else {
            // Without an outbox nothing ends the wait but the call.
            return guide.document(finished.unwrap_or_else(internal_error));
        };
        #[cfg(feature = "seal")]
        if let Some(replay) = outbox.kept().filter(|replay| replay.has_begun()) {
            if let Some(answer) = finished {
                replay.end(answer.body);
            }
            let keep_alive = server.limits().keep_alive;
            return events(ReplyBody::replay(replay.reader(), keep_alive));
        }
        match finished {
            Some(answer) if outbox.queue.is_empty() => guide.document(answer),
            Some(answer) => {
                let mut text = Vec::new();
                outbox.queue.drain_events(&mut text);
                if let Some(body) = &answer.body {
                    push_event(&mut text, body);
                }
                // The answer alone fits.
                if reply_limit.is_some_and(|limit| !limit.admits(&[&text])) {
                    return document(answer);
                }
                events(ReplyBody::whole(text))
            }
            None => events(ReplyBody::stream(call, outbox, server.limits())),
        }
    }

    fn reply_limit(&self) -> Option<ReplyLimit> {
        self.parts.extensions.get().copied()
    }

    /// The answer; everything it borrows lives in the future itself.
    async fn answer(self) -> Answer {
        let request = HttpRequest {
            mirrors: headers::mirrors(&self.parts.headers),
            headers: &self.parts.headers,
            session: headers::session(&self.parts.headers),
            foreign_sessions: self.foreign_sessions,
            sessions: self.abilities.sessions,
            subscriptions: self.abilities.subscriptions,
        };
        let notifications = self
            .outbox
            .clone()
            .map(|outbox| outbox as Arc<dyn Notifications>);
        let settled = |request: &Settled<'_>| {
            let client = request.client;
            #[cfg(feature = "seal")]
            if let (Some(client), Some(outbox)) = (client, &self.outbox)
                && let Some(key) = client.key
                && client.revision.has_polling()
            {
                outbox.client_returns(&self.server, key);
            }
            // A batch has many ids, and none of them stands for the others.
            #[cfg(feature = "seal")]
            let is_batch = self.text.trim_ascii_start().starts_with('[');
            let _ = self.found.set(Found {
                outlives_connection: client.is_some(),
                #[cfg(feature = "seal")]
                cancelled_by: client
                    .filter(|_| !is_batch)
                    .and_then(|client| client.key)
                    .map(|key| (key, request.id.0.into())),
            });
        };
        let deadline = self
            .parts
            .extensions
            .get::<Deadline>()
            .map(|deadline| deadline.0);
        let outlet = Outlet {
            is_test: false,
            deadline,
            reply_limit: self.reply_limit(),
            notifications: notifications.as_ref(),
            transport: "http",
            platform: self.parts.extensions.get(),
            settled: &settled,
        };
        dispatch::answer(
            &self.server,
            &self.text,
            Transport::Http(&request),
            self.caller.as_ref(),
            &outlet,
        )
        .await
    }
}

/// Lets a call go on when its connection is gone. The number of such calls is bounded by
/// `Limits::in_flight`, their time by the call's time limit.
#[cfg_attr(not(feature = "seal"), allow(unused_variables))]
fn detached(
    call: BoxedAnswer,
    server: &Server,
    found: &Found,
    outbox: Option<&Arc<Outbox>>,
) -> BoxedAnswer {
    #[cfg(feature = "seal")]
    let call = {
        // What the client may come back for ends, however the call does.
        let end = EndOfReplay(outbox.cloned());
        async move {
            let answer = call.await;
            end.with(answer)
        }
    };
    #[cfg(feature = "seal")]
    let (call, registered) = {
        let registered: Arc<OnceLock<Cancellable>> = Arc::default();
        let held = Arc::clone(&registered);
        let call = async move {
            let answer = call.await;
            drop(held);
            answer
        };
        (call, registered)
    };
    // What it logs still belongs to the request.
    let task = tokio::spawn(call.in_current_span());
    #[cfg(feature = "seal")]
    if let Some((client, id)) = &found.cancelled_by {
        let sessions = &server.0.custody.sessions;
        if let Some(cancellable) = sessions.running(*client, id, task.abort_handle()) {
            let _ = registered.set(cancellable);
        }
    }
    Box::pin(async move {
        task.await.unwrap_or_else(|error| {
            if error.is_cancelled() {
                Answer::none()
            } else {
                internal_error()
            }
        })
    })
}

/// Ends a reply that is kept, when the call ends or is dropped.
#[cfg(feature = "seal")]
struct EndOfReplay(Option<Arc<Outbox>>);

#[cfg(feature = "seal")]
impl EndOfReplay {
    fn with(mut self, answer: Answer) -> Answer {
        let outbox = self.0.take();
        match outbox.as_ref().and_then(|outbox| outbox.kept()) {
            Some(replay) if replay.has_begun() => {
                replay.end(answer.body);
                Answer::none()
            }
            _ => answer,
        }
    }
}

#[cfg(feature = "seal")]
impl Drop for EndOfReplay {
    fn drop(&mut self) {
        if let Some(replay) = self.0.as_ref().and_then(|outbox| outbox.kept()) {
            replay.end(None);
        }
    }
}
