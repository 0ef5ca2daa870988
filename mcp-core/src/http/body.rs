//! The body of a reply: one JSON document, or a call that is still running.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::keep_alive::{COMMENT, KeepAlive};
use super::outbox::Outbox;
use super::queue::push_event;
#[cfg(feature = "seal")]
use super::replay::Reader;
use crate::encode::Answer;
use crate::limits::Limits;

/// A call that owns all it needs.
pub(super) type BoxedAnswer = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// The body of a reply: one JSON document, or server-sent events.
///
/// While it streams, it owns the call: every poll drives the tool, and dropping the body cancels
/// it, as the protocol wants of a closed stream ([Streamable HTTP, 2026-07-28]). Calls of older
/// revisions run on a task of their own and go on. A stream whose client takes nothing is dropped
/// after [`Limits::write_stall`](crate::Limits::write_stall). No frame is an error; a document
/// knows its exact size.
///
/// ```
/// # use http_body_util::BodyExt;
/// # use mcp_core::http::{Endpoint, Ingress};
/// # use mcp_core::{Server, server_info};
/// # use tower_service::Service;
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # let server = Server::new(server_info!(), ()).build().unwrap();
/// # let mut endpoint = Endpoint::new(server, Ingress::Loopback).unwrap();
/// # let body = r#"{"jsonrpc": "2.0", "id": 1, "method": "ping"}"#.to_owned();
/// # let request = http::Request::post("/mcp").header("host", "localhost");
/// # let request = request.header("content-type", "application/json").body(body).unwrap();
/// let response = endpoint.call(request).await.unwrap();
/// let bytes = response.into_body().collect().await.unwrap().to_bytes();
/// assert_eq!(bytes, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#);
/// # });
/// ```
///
/// [Streamable HTTP, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#cancellation
pub struct ReplyBody(Kind);

enum Kind {
    Whole(Option<Bytes>),
    Stream(Stream, KeepAlive),
    /// A reply that its client can take up again.
    #[cfg(feature = "seal")]
    Replay(Reader, KeepAlive),
}

impl ReplyBody {
    /// No content.
    pub(super) fn empty() -> Self {
        Self(Kind::Whole(None))
    }

    /// One document.
    pub(super) fn whole(bytes: impl Into<Bytes>) -> Self {
        Self(Kind::Whole(Some(bytes.into())))
    }

    /// A reply that its client can take up again.
    #[cfg(feature = "seal")]
    pub(super) fn replay(reader: Reader, keep_alive: Duration) -> Self {
        Self(Kind::Replay(reader, KeepAlive::new(keep_alive)))
    }

    /// Events of a call that is still running, dropped when the client takes nothing for
    /// `Limits::write_stall`.
    pub(super) fn stream(call: BoxedAnswer, outbox: Arc<Outbox>, limits: &Limits) -> Self {
        let stall = limits.write_stall;
        let slot = Arc::new(Slot {
            call: Mutex::new(Some(call)),
            clock: StallClock::default(),
        });
        let watchdog = tokio::spawn(watch(Arc::downgrade(&slot), stall)).abort_handle();
        let stream = Stream {
            slot,
            outbox,
            watchdog,
        };
        Self(Kind::Stream(stream, KeepAlive::new(limits.keep_alive)))
    }
}

struct Stream {
    slot: Arc<Slot>,
    outbox: Arc<Outbox>,
    watchdog: AbortHandle,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.watchdog.abort();
    }
}

/// Shared with the watchdog, which empties it.
struct Slot {
    call: Mutex<Option<BoxedAnswer>>,
    clock: StallClock,
}

impl Slot {
    fn call(&self) -> MutexGuard<'_, Option<BoxedAnswer>> {
        self.call.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Since when the server waits for the client to take something.
///
/// It starts when a frame was handed over or the call woke up, and stops at the next poll: a client
/// that reads causes one soon, a client that does not causes none.
#[derive(Clone, Default)]
struct StallClock(Arc<Mutex<Option<Instant>>>);

impl StallClock {
    fn start(&self) {
        self.lock().get_or_insert_with(Instant::now);
    }

    fn stop(&self) {
        *self.lock() = None;
    }

    fn since(&self) -> Option<Instant> {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Passes a wake-up on and starts the clock.
struct StallWaker {
    clock: StallClock,
    inner: Waker,
}

impl Wake for StallWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.clock.start();
        self.inner.wake_by_ref();
    }
}

/// Drops the call of a client that stopped reading. Without this it would freeze, its own time
/// limit included, since nobody polls it.
async fn watch(slot: Weak<Slot>, stall: Duration) {
    loop {
        let Some(held) = slot.upgrade() else { return };
        let since = held.clock.since();
        let due = since.map(|since| since + stall);
        if due.is_some_and(|due| due <= Instant::now()) {
            tracing::warn!(?stall, "the client takes nothing, its call is dropped");
            let call = held.call().take();
            drop(call);
            return;
        }
        drop(held);
        tokio::time::sleep_until(due.unwrap_or_else(|| Instant::now() + stall)).await;
    }
}

impl Stream {
    fn poll_events(&self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let clock = &self.slot.clock;
        clock.stop();
        let waker = Waker::from(Arc::new(StallWaker {
            clock: clock.clone(),
            inner: cx.waker().clone(),
        }));
        self.outbox.wake_on_message(&waker);
        let mut events = Vec::new();
        let mut call = self.slot.call();
        let Some(running) = call.as_mut() else {
            return Poll::Ready(None);
        };
        let polled = running.as_mut().poll(&mut Context::from_waker(&waker));
        self.outbox.queue.drain_events(&mut events);
        if let Poll::Ready(answer) = polled {
            *call = None;
            if let Some(body) = answer.body {
                push_event(&mut events, &body);
            }
        } else if events.is_empty() {
            return Poll::Pending;
        }
        if events.is_empty() {
            return Poll::Ready(None);
        }
        clock.start();
        Poll::Ready(Some(Bytes::from(events)))
    }
}

/// A comment in the place of nothing, when one is due.
fn kept_alive(
    events: Poll<Option<Bytes>>,
    keep_alive: &mut KeepAlive,
    cx: &mut Context<'_>,
) -> Poll<Option<Bytes>> {
    if events.is_ready() {
        keep_alive.reset();
        return events;
    }
    keep_alive
        .poll(cx)
        .map(|()| Some(Bytes::from_static(COMMENT)))
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = match &mut self.0 {
            Kind::Whole(bytes) => Poll::Ready(bytes.take()),
            Kind::Stream(stream, keep_alive) => kept_alive(stream.poll_events(cx), keep_alive, cx),
            #[cfg(feature = "seal")]
            Kind::Replay(reader, keep_alive) => {
                let events = reader.poll(cx).map(|events| events.map(Bytes::from));
                kept_alive(events, keep_alive, cx)
            }
        };
        data.map(|data| data.map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Whole(bytes) => bytes.is_none(),
            Kind::Stream(stream, _) => stream.slot.call().is_none(),
            #[cfg(feature = "seal")]
            Kind::Replay(reader, _) => reader.is_done(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Kind::Stream(..) => SizeHint::default(),
            #[cfg(feature = "seal")]
            Kind::Replay(..) => SizeHint::default(),
        }
    }
}

impl fmt::Debug for ReplyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Whole(_) => "ReplyBody::Whole",
            Kind::Stream(..) => "ReplyBody::Stream",
            #[cfg(feature = "seal")]
            Kind::Replay(..) => "ReplyBody::Replay",
        })
    }
}
