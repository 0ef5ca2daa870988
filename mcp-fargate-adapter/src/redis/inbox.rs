//! What was heard and not yet taken, which is bounded.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mcp_core::Heard;
use tokio::sync::Notify;

/// Events that wait.
const MAX_EVENTS: usize = 1024;

/// Bytes of events that wait. One event may be longer than that if no other waits.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Events on their way from a connection to whoever takes them. What does not fit becomes a gap at
/// its place.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    heard: VecDeque<Heard>,
    bytes: usize,
    /// Nobody listened since the last event.
    deaf: bool,
}

impl Waiting {
    fn gap(&mut self) {
        // Two gaps in a row are one.
        if self.heard.back() != Some(&Heard::Gap) {
            self.heard.push_back(Heard::Gap);
        }
    }
}

impl Inbox {
    pub(super) fn event(&self, event: Vec<u8>) {
        let mut waiting = self.waiting();
        let bytes = waiting.bytes.saturating_add(event.len());
        if waiting.heard.len() < MAX_EVENTS && (waiting.bytes == 0 || bytes <= MAX_BYTES) {
            waiting.bytes = bytes;
            waiting.heard.push_back(Heard::Event(event));
        } else {
            waiting.gap();
        }
        self.wake.notify_one();
    }

    /// Nobody listens any more, or yet.
    pub(super) fn deaf(&self) {
        self.waiting().deaf = true;
    }

    /// Events come from here on. Only now is there a gap: whoever asks how things are because of it
    /// misses nothing that happens afterwards.
    pub(super) fn listening(&self) {
        let mut waiting = self.waiting();
        if std::mem::take(&mut waiting.deaf) {
            waiting.gap();
            self.wake.notify_one();
        }
    }

    /// The next thing, for one that takes. What it has not returned, it has not taken.
    pub(super) async fn next(&self) -> Heard {
        loop {
            if let Some(heard) = self.take() {
                return heard;
            }
            self.wake.notified().await;
        }
    }

    fn take(&self) -> Option<Heard> {
        let mut waiting = self.waiting();
        let heard = waiting.heard.pop_front()?;
        if let Heard::Event(event) = &heard {
            waiting.bytes -= event.len();
        }
        Some(heard)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(inbox: &Inbox) -> Vec<Heard> {
        std::iter::from_fn(|| inbox.take()).collect()
    }

    fn event(bytes: usize) -> Heard {
        Heard::Event(vec![0; bytes])
    }

    #[test]
    fn n_events_wait_and_of_more_there_is_a_gap_at_their_place() {
        let inbox = Inbox::default();
        for _ in 0..MAX_EVENTS {
            inbox.event(vec![0]);
        }
        assert_eq!(all(&inbox), vec![event(1); MAX_EVENTS]);
        for _ in 0..MAX_EVENTS + 2 {
            inbox.event(vec![0]);
        }
        assert_eq!(inbox.take(), Some(event(1)));
        inbox.event(vec![0; 2]); // the gap has the place that is free now
        assert_eq!(inbox.take(), Some(event(1)));
        inbox.event(vec![0; 3]);
        let mut rest = vec![event(1); MAX_EVENTS - 2];
        rest.extend([Heard::Gap, event(3)]);
        assert_eq!(all(&inbox), rest);
    }

    #[test]
    fn n_bytes_wait_and_one_more_is_a_gap() {
        let inbox = Inbox::default();
        let most = || {
            inbox.event(vec![0; MAX_BYTES - 1]);
            inbox.event(vec![0]);
        };
        most();
        assert_eq!(all(&inbox), [event(MAX_BYTES - 1), event(1)]);
        most();
        inbox.event(vec![0]);
        assert_eq!(all(&inbox), [event(MAX_BYTES - 1), event(1), Heard::Gap]);
    }

    #[test]
    fn an_event_of_any_length_fits_alone() {
        let inbox = Inbox::default();
        inbox.event(vec![0; MAX_BYTES + 1]);
        inbox.event(vec![0]);
        assert_eq!(all(&inbox), [event(MAX_BYTES + 1), Heard::Gap]);
        assert_eq!(inbox.waiting().bytes, 0);
    }

    #[test]
    fn a_gap_is_told_once_and_when_somebody_listens_again() {
        let inbox = Inbox::default();
        inbox.listening();
        inbox.event(vec![0]);
        inbox.deaf();
        inbox.deaf();
        assert_eq!(all(&inbox), [event(1)]);
        inbox.listening();
        inbox.listening();
        inbox.event(vec![0]);
        assert_eq!(all(&inbox), [Heard::Gap, event(1)]);
    }
}
