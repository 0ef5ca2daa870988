//! Between a server and its bus.

use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;

use super::event::{Changes, ClientEvent, Instance, Read};
use super::{BusError, EventBus, Heard};
use crate::client::ClientKey;
use crate::hub::Change;

/// How long the bus may take to take an event.
const PATIENCE: Duration = Duration::from_secs(2);

/// The pause after a failure, which doubles up to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// What a server has to tell the others. Changes wait here until the bus takes them, each once, so
/// telling never waits and what waits is bounded.
pub(crate) struct Bridge {
    bus: Arc<dyn EventBus>,
    me: Instance,
    waiting: Mutex<Changes>,
    wake: Notify,
    /// Whether the last event was not taken: the log hears of an outage once, however much fails.
    away: AtomicBool,
}

impl Bridge {
    pub(crate) fn new(bus: Arc<dyn EventBus>) -> Self {
        Self {
            bus,
            me: instance(),
            waiting: Mutex::default(),
            wake: Notify::new(),
            away: AtomicBool::new(false),
        }
    }

    /// Something changed here.
    pub(crate) fn changed(&self, change: &Change) {
        self.waiting().add(change);
        self.wake.notify_one();
    }

    /// Tells the others at once what a client did. Why it failed is in the log.
    pub(crate) async fn tell(&self, client: ClientKey, event: &ClientEvent<'_>) -> Result<(), ()> {
        self.publish(&event.write(self.me, client)).await
    }

    /// Carries on until it is dropped: tells the others of changes, and applies what they tell.
    pub(crate) async fn run(
        &self,
        mut changes: impl FnMut(&Changes),
        mut of_client: impl FnMut(ClientKey, ClientEvent<'_>),
    ) {
        let heard = async {
            let mut events = self.bus.listen();
            loop {
                match events.next().await {
                    Heard::Gap => {
                        tracing::info!("events of other instances may have been missed");
                        changes(&Changes {
                            everything: true,
                            ..Changes::default()
                        });
                    }
                    Heard::Event(event) => {
                        let Some(read) = Read::parse(&event).filter(|read| read.from != self.me)
                        else {
                            continue;
                        };
                        if read.with_client(&mut of_client).is_none() {
                            changes(&read.changes());
                        }
                    }
                }
                // One at a time, so that a busy bus leaves room for calls.
                tokio::task::yield_now().await;
            }
        };
        let (mut heard, mut told) = (pin!(heard), pin!(self.tell_changes()));
        // Neither ends.
        poll_fn(|cx| {
            let _: Poll<()> = heard.as_mut().poll(cx);
            told.as_mut().poll(cx)
        })
        .await;
    }

    async fn tell_changes(&self) {
        let mut pause = PAUSE.0;
        loop {
            let changes = std::mem::take(&mut *self.waiting());
            if changes.is_empty() {
                self.wake.notified().await;
                continue;
            }
            match self.publish(&changes.write(self.me)).await {
                Ok(()) => pause = PAUSE.0,
                Err(()) => {
                    self.waiting().merge(changes);
                    tokio::time::sleep(pause).await;
                    pause = PAUSE.1.min(pause * 2);
                }
            }
        }
    }

    async fn publish(&self, event: &[u8]) -> Result<(), ()> {
        let published = tokio::time::timeout(PATIENCE, self.bus.publish(event));
        let late = |_| Err(BusError::new("it took too long to take an event"));
        match published.await.unwrap_or_else(late) {
            Ok(()) => {
                if self.away.swap(false, Ordering::Relaxed) {
                    tracing::info!("the event bus is back");
                }
                Ok(())
            }
            Err(error) => {
                if !self.away.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "the event bus is away, changes wait");
                }
                Err(())
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Changes> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A name that no other instance has; it need not be secret.
fn instance() -> Instance {
    let half = || RandomState::new().hash_one((SystemTime::now(), std::process::id()));
    let [high, low] = [half(), half()].map(u128::from);
    ((high << 64) | low).to_be_bytes()
}
