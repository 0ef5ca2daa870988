//! Comments that keep a silent stream open: load balancers close connections that are idle.

use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

/// A line that readers of server-sent events skip.
pub(super) const COMMENT: &[u8] = b": keep-alive\n\n";

/// Due when nothing was sent for a while.
pub(super) struct KeepAlive {
    every: Duration,
    /// Started when the stream first has nothing to send.
    timer: Option<Pin<Box<Sleep>>>,
}

impl KeepAlive {
    /// Due at the latest after this time. Each stream has a rhythm of its own, a little faster, so that
    /// many that began together do not go on together.
    pub(super) fn new(longest: Duration) -> Self {
        let share = RandomState::new().hash_one(Instant::now()) % 170;
        let share = u32::try_from(share).unwrap_or_default() + 820;
        Self {
            every: longest * share / 1000,
            timer: None,
        }
    }

    /// Something was sent.
    pub(super) fn reset(&mut self) {
        let due = Instant::now() + self.every;
        if let Some(timer) = &mut self.timer {
            timer.as_mut().reset(due);
        }
    }

    /// Ready when a comment is due.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let every = self.every;
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(every)));
        let polled = timer.as_mut().poll(cx);
        if polled.is_ready() {
            timer.as_mut().reset(Instant::now() + every);
        }
        polled
    }
}
