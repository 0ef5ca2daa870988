//! A bus inside one process.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::broadcast::{self, Receiver, Sender, error::RecvError};

use super::{BusError, EventBus, Events, Heard};

/// Connects servers of one process, such as several routers of one application. Clones are the same
/// bus. A listener that is more than 1,024 events behind hears of a gap.
///
/// ```
/// use mcp_core::{LocalBus, Server, server_info};
///
/// let bus = LocalBus::new();
/// let one = Server::new(server_info!(), ()).event_bus(bus.clone()).build().unwrap();
/// let other = Server::new(server_info!(), ()).event_bus(bus).build().unwrap();
/// # let _ = (one, other);
/// ```
#[derive(Clone)]
pub struct LocalBus(Sender<Arc<[u8]>>);

/// Events that wait for a listener.
const QUEUED: usize = 1024;

impl LocalBus {
    /// A bus that nobody listens to yet. Example: [`LocalBus`].
    #[allow(clippy::new_without_default)] // two of them are two buses, which `default` hides
    pub fn new() -> Self {
        Self(broadcast::channel(QUEUED).0)
    }
}

impl EventBus for LocalBus {
    fn publish<'b>(
        &'b self,
        event: &'b [u8],
    ) -> Pin<Box<dyn Future<Output = Result<(), BusError>> + Send + 'b>> {
        // An error means that nobody listens.
        let _ = self.0.send(event.into());
        Box::pin(std::future::ready(Ok(())))
    }

    fn listen(&self) -> Box<dyn Events> {
        Box::new(Listening(self.0.subscribe()))
    }
}

struct Listening(Receiver<Arc<[u8]>>);

impl Events for Listening {
    fn next<'e>(&'e mut self) -> Pin<Box<dyn Future<Output = Heard> + Send + 'e>> {
        Box::pin(async move {
            match self.0.recv().await {
                Ok(event) => Heard::Event(event.to_vec()),
                Err(RecvError::Lagged(_)) => Heard::Gap,
                // All who could publish are gone.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        })
    }
}

impl fmt::Debug for LocalBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalBus").finish_non_exhaustive()
    }
}
