//! Events over a channel of Redis.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use mcp_core::{BusError, EventBus, Events};

use super::link::Link;
use super::listener::Listener;

/// Carries events between the instances of a server over Redis, by [publish and subscribe]: what
/// [`ServerBuilder::event_bus`](mcp_core::ServerBuilder::event_bus) takes. Made by
/// [`Redis::bus`](super::Redis::bus). Clones are the same bus.
///
/// Feature `redis`.
///
/// Sending takes 1.5 seconds at most, with connecting; what Redis has not taken by then, or refuses,
/// is a [`BusError`]. It may have been carried all the same, and nothing is sent twice.
///
/// A listener has a connection of its own, which ends when it is dropped, and needs a tokio runtime
/// with timers and sockets. It goes on by itself when Redis was away, asks every 15 seconds whether
/// Redis is still there, and reports one [`Gap`](mcp_core::Heard::Gap) when it listens again. Up to
/// 1,024 events of together 8 MiB, or one of any length, wait to be taken from it; of more it reports a
/// gap.
///
/// ```no_run
/// use mcp_core::{EventBus, Heard};
/// use mcp_fargate_adapter::Redis;
///
/// # async fn example() -> Result<(), mcp_fargate_adapter::Error> {
/// let bus = Redis::new("redis://localhost")?.prefix("sales").bus();
/// let mut events = bus.listen();
/// bus.publish(b"something happened").await?;
/// if let Heard::Event(event) = events.next().await {
///     assert_eq!(event, b"something happened");
/// }
/// # Ok(())
/// # }
/// ```
///
/// [publish and subscribe]: https://redis.io/docs/latest/develop/pubsub/
#[derive(Clone)]
pub struct RedisBus {
    link: Arc<Link>,
    channel: Arc<str>,
}

impl RedisBus {
    pub(super) fn new(link: Arc<Link>, prefix: &str) -> Self {
        Self {
            link,
            channel: format!("{prefix}:events").into(),
        }
    }
}

impl EventBus for RedisBus {
    fn publish<'b>(
        &'b self,
        event: &'b [u8],
    ) -> Pin<Box<dyn Future<Output = Result<(), BusError>> + Send + 'b>> {
        Box::pin(async move {
            let mut publish = redis::cmd("PUBLISH");
            publish.arg(&*self.channel).arg(event);
            // The answer is how many connections to one server listen, which says little.
            let answer = self.link.run::<i64>(&publish).await;
            answer.map(drop).map_err(BusError::new)
        })
    }

    fn listen(&self) -> Box<dyn Events> {
        let (link, channel) = (Arc::clone(&self.link), Arc::clone(&self.channel));
        Box::new(Listener::new(link, channel))
    }
}

impl fmt::Debug for RedisBus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisBus")
            .field("address", &self.link.target.outage.address())
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}
