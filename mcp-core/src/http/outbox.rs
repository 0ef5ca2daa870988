//! Where the messages of one call go until a connection takes them.

#[cfg(feature = "seal")]
use std::sync::{Arc, OnceLock};
use std::task::Waker;
use std::time::Duration;

use super::queue::Queue;
#[cfg(feature = "seal")]
use super::replay::Replay;
#[cfg(feature = "seal")]
use crate::client::ClientKey;
use crate::context::Notifications;
#[cfg(feature = "seal")]
use crate::server::Server;

/// A queue for the one connection that asked; or, once something is said to a client that can come
/// back for it, a reply that is kept.
pub(super) struct Outbox {
    pub(super) queue: Queue,
    #[cfg(feature = "seal")]
    returns: OnceLock<(Server, ClientKey)>,
    #[cfg(feature = "seal")]
    replay: OnceLock<Option<Arc<Replay>>>,
}

impl Outbox {
    pub(super) fn new(limit: u16) -> Self {
        Self {
            queue: Queue::new(limit),
            #[cfg(feature = "seal")]
            returns: OnceLock::new(),
            #[cfg(feature = "seal")]
            replay: OnceLock::new(),
        }
    }

    /// The client can come back for what it lost.
    #[cfg(feature = "seal")]
    pub(super) fn client_returns(&self, server: &Server, client: ClientKey) {
        let _ = self.returns.set((server.clone(), client));
    }

    /// The reply that is kept, if the client can come back and there is room.
    #[cfg(feature = "seal")]
    fn replay(&self) -> Option<&Arc<Replay>> {
        let (server, client) = self.returns.get()?;
        let begin = || server.0.custody.replays.begin(*client);
        self.replay.get_or_init(begin).as_ref()
    }

    /// The reply that is kept, once something was said.
    #[cfg(feature = "seal")]
    pub(super) fn kept(&self) -> Option<&Arc<Replay>> {
        self.replay.get()?.as_ref()
    }

    /// Whether something was said.
    pub(super) fn has_begun(&self) -> bool {
        #[cfg(feature = "seal")]
        if let Some(replay) = self.kept() {
            return replay.has_begun();
        }
        !self.queue.is_empty()
    }

    /// Remembers whom to wake when something is said.
    pub(super) fn wake_on_message(&self, waker: &Waker) {
        self.queue.wake_on_message(waker);
    }
}

impl Notifications for Outbox {
    fn send(&self, message: Vec<u8>) {
        #[cfg(feature = "seal")]
        if let Some(replay) = self.replay() {
            replay.send(message);
            return self.queue.wake();
        }
        self.queue.send(message);
    }

    fn deliver(&self, message: Vec<u8>) {
        #[cfg(feature = "seal")]
        if let Some(replay) = self.replay() {
            replay.deliver(message);
            return self.queue.wake();
        }
        self.queue.deliver(message);
    }

    fn disconnect(&self, retry: Duration) {
        #[cfg(feature = "seal")]
        if let Some(replay) = self.replay() {
            replay.disconnect(retry);
            self.queue.wake();
        }
        let _ = retry;
    }
}
