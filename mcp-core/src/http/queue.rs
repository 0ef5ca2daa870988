//! Notifications on their way into a reply.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use crate::context::Notifications;

/// A bounded queue between a tool that speaks and the body of its reply.
pub(super) struct Queue {
    state: Mutex<State>,
    limit: usize,
}

#[derive(Default)]
struct State {
    messages: VecDeque<Vec<u8>>,
    /// Wakes the body; a call that runs on a task of its own cannot wake it otherwise.
    reader: Option<Waker>,
}

impl Queue {
    pub(super) fn new(limit: u16) -> Self {
        Self {
            state: Mutex::default(),
            limit: usize::from(limit),
        }
    }

    /// Whether something was said.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().messages.is_empty()
    }

    /// Remembers whom to wake when something is said.
    pub(super) fn wake_on_message(&self, waker: &Waker) {
        let mut state = self.lock();
        if state
            .reader
            .as_ref()
            .is_none_or(|known| !known.will_wake(waker))
        {
            state.reader = Some(waker.clone());
        }
    }

    /// Wakes the body.
    #[cfg(feature = "seal")]
    pub(super) fn wake(&self) {
        if let Some(reader) = self.lock().reader.take() {
            reader.wake();
        }
    }

    /// Appends everything that was said as server-sent events.
    pub(super) fn drain_events(&self, out: &mut Vec<u8>) {
        for message in self.lock().messages.drain(..) {
            push_event(out, &message);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Appends one message as one event on one line.
pub(crate) fn push_event(out: &mut Vec<u8>, message: &[u8]) {
    out.extend_from_slice(b"data: ");
    out.extend_from_slice(message);
    out.extend_from_slice(b"\n\n");
}

impl Notifications for Queue {
    fn send(&self, message: Vec<u8>) {
        let mut state = self.lock();
        if state.messages.len() >= self.limit {
            tracing::debug!("a notification was dropped, the client does not keep up");
            return;
        }
        state.push(message);
    }

    fn deliver(&self, message: Vec<u8>) {
        self.lock().push(message);
    }
}

impl State {
    fn push(&mut self, message: Vec<u8>) {
        self.messages.push_back(message);
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_holds_n_and_drops_n_plus_one() {
        let queue = Queue::new(2);
        for message in ["1", "2", "3"] {
            queue.send(message.into());
        }
        let mut out = Vec::new();
        queue.drain_events(&mut out);
        assert_eq!(out, b"data: 1\n\ndata: 2\n\n");
        assert!(queue.is_empty());
    }
}
