//! A request that was let in, until its reply begins.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use http::Response;
use http::request::Parts;

use super::body::{BoxedAnswer, ReplyBody};
use super::headers;
use super::queue::{Queue, push_event};
use super::response::{document, events, internal_error};
use crate::caller::Caller;
use crate::context::Notifications;
use crate::dispatch::{self, Outlet, Transport};
use crate::encode::Answer;
use crate::protocol::Revision;
use crate::server::Server;

/// When the host stops waiting for an answer. A host that has such a time puts it into the request's
/// extensions; a call is stopped in time for its answer to be sent.
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

/// A request that was let in, with all that is needed to answer it.
pub(super) struct Exchange {
    pub(super) server: Server,
    pub(super) parts: Parts,
    pub(super) text: String,
    pub(super) caller: Option<Caller>,
    /// Where what the tool says goes; `None` for a client or host that takes no stream.
    pub(super) queue: Option<Arc<Queue>>,
    /// Whether a disconnect leaves the call running: before 2026-07-28 it is no cancellation.
    pub(super) outlives_connection: Arc<AtomicBool>,
}

impl Exchange {
    /// Waits until the call has finished or says something, whichever comes first.
    pub(super) async fn respond(self, stall: Duration) -> Response<ReplyBody> {
        let queue = self.queue.clone();
        let outlives_connection = Arc::clone(&self.outlives_connection);
        let mut call: BoxedAnswer = Box::pin(self.answer());
        let first = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await;
        let finished = match first {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => {
                if outlives_connection.load(Ordering::Relaxed) {
                    call = detached(call);
                }
                poll_fn(|cx| {
                    if let Some(queue) = &queue {
                        queue.wake_on_message(cx.waker());
                        if !queue.is_empty() {
                            return Poll::Ready(None);
                        }
                    }
                    let polled = call.as_mut().poll(cx).map(Some);
                    match &queue {
                        Some(queue) if polled.is_pending() && !queue.is_empty() => {
                            Poll::Ready(None)
                        }
                        _ => polled,
                    }
                })
                .await
            }
        };
        match (finished, queue) {
            (Some(answer), None) => document(answer),
            (Some(answer), Some(queue)) if queue.is_empty() => document(answer),
            (Some(answer), Some(queue)) => {
                let mut text = Vec::new();
                queue.drain_events(&mut text);
                if let Some(body) = answer.body {
                    push_event(&mut text, &body);
                }
                events(ReplyBody::whole(text))
            }
            (None, Some(queue)) => events(ReplyBody::stream(call, queue, stall)),
            // Without a queue nothing ends the wait but the call.
            (None, None) => document(internal_error()),
        }
    }

    /// The answer; everything it borrows lives in the future itself.
    async fn answer(self) -> Answer {
        let headers = headers::mirrors(&self.parts.headers);
        let notifications = self.queue.map(|queue| queue as Arc<dyn Notifications>);
        let outlives_connection = &self.outlives_connection;
        let settled = move |revision: Revision| {
            outlives_connection.store(!revision.is_modern(), Ordering::Relaxed);
        };
        let deadline = self
            .parts
            .extensions
            .get::<Deadline>()
            .map(|deadline| deadline.0);
        let outlet = Outlet {
            deadline,
            notifications: notifications.as_ref(),
            settled: &settled,
        };
        let transport = Transport::Http(&headers);
        dispatch::answer(
            &self.server,
            &self.text,
            transport,
            self.caller.as_ref(),
            outlet,
        )
        .await
    }
}

/// Lets a call go on when its connection is gone. The number of such calls is bounded by
/// `Limits::in_flight`, their time by the call's time limit.
fn detached(call: BoxedAnswer) -> BoxedAnswer {
    let task = tokio::spawn(call);
    Box::pin(async move { task.await.unwrap_or_else(|_| internal_error()) })
}
