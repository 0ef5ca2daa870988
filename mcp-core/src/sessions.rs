//! Sessions of older revisions over HTTP, without a store: the id is a sealed text that says what
//! `initialize` settled, so any instance with the same keys can serve it, and nothing grows with the
//! number of clients.
//!
//! Three things are remembered, each bounded: ids that were ended, what clients asked for beside
//! their requests, and calls that they can still cancel.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

use crate::caller::Caller;
use crate::client::{Capabilities, ClientKey, LegacyClient, Wishes};
use crate::limits::Limits;
use crate::protocol::Revision;
use crate::seal::Purpose;
use crate::server::Server;

/// How long a session lives.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Begins every id of ours, so that a platform's ids can be told from them.
const MARK: &str = "mcp1.";

/// Whether a session's id has our form.
pub(crate) fn is_ours(text: &str) -> bool {
    text.starts_with(MARK)
}

/// What is remembered of sessions.
pub(crate) struct Sessions {
    ended: Mutex<HashMap<ClientKey, Instant>>,
    clients: Mutex<HashMap<ClientKey, Remembered>>,
    running: Arc<Running>,
    max_ended: usize,
    max_clients: usize,
    max_running: usize,
}

type Running = Mutex<HashMap<(ClientKey, Box<str>), AbortHandle>>;

struct Remembered {
    wishes: Arc<Wishes>,
    used: Instant,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn size(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

impl Sessions {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            ended: Mutex::default(),
            clients: Mutex::default(),
            running: Arc::default(),
            max_ended: size(limits.ended_sessions),
            max_clients: size(limits.remembered_clients),
            max_running: size(limits.in_flight),
        }
    }

    /// Begins a session: the id that the client names from now on.
    pub(crate) fn begin(
        server: &Server,
        caller: Option<&Caller>,
        revision: Revision,
        capabilities: Capabilities,
    ) -> Option<String> {
        let place = Revision::ALL.iter().position(|known| *known == revision)?;
        let [high, low] = capabilities.0.to_be_bytes();
        let payload = [u8::try_from(place).ok()?, high, low];
        let sealed = server
            .0
            .custody
            .seal(Purpose::Session, caller, &[], LIFETIME, &payload)?;
        Some(format!("{MARK}{sealed}"))
    }

    /// The client of a session. `None` when the id is not ours, not this caller's, has expired or
    /// was ended.
    pub(crate) fn open(
        &self,
        server: &Server,
        caller: Option<&Caller>,
        text: &str,
    ) -> Option<LegacyClient> {
        let sealed = text.strip_prefix(MARK)?;
        let opened = server
            .0
            .custody
            .open(Purpose::Session, caller, &[], sealed)?;
        let [place, high, low]: [u8; 3] = opened.payload.try_into().ok()?;
        let key = opened.id;
        if lock(&self.ended).contains_key(&key) {
            return None;
        }
        let clients = lock(&self.clients);
        let known = clients.get(&key);
        let unknown = LegacyClient::unknown(*Revision::ALL.get(usize::from(place))?);
        Some(LegacyClient {
            capabilities: Capabilities(u16::from_be_bytes([high, low])),
            key: Some(key),
            log_level: known.map_or(unknown.log_level, |known| known.wishes.log_level()),
            ..unknown
        })
    }

    /// Ends a session: its id is unknown from now on. False when no more can be remembered.
    pub(crate) fn end(&self, key: ClientKey) -> bool {
        let now = Instant::now();
        let mut ended = lock(&self.ended);
        if ended.len() >= self.max_ended {
            // The ids of these have expired by themselves.
            ended.retain(|_, since| now.duration_since(*since) < LIFETIME);
        }
        if ended.len() >= self.max_ended {
            return false;
        }
        ended.insert(key, now);
        drop(ended);
        if let Some(client) = lock(&self.clients).remove(&key) {
            client.wishes.listener.close();
        }
        let mut running = lock(&self.running);
        running.retain(|(owner, _), call| {
            if *owner == key {
                call.abort();
            }
            *owner != key
        });
        true
    }

    /// What a client asked for beside its requests. `None` when no more clients can be remembered.
    pub(crate) fn wishes(&self, server: &Server, key: ClientKey) -> Option<Arc<Wishes>> {
        let now = Instant::now();
        let mut clients = lock(&self.clients);
        if let Some(client) = clients.get_mut(&key) {
            client.used = now;
            return Some(Arc::clone(&client.wishes));
        }
        if clients.len() >= self.max_clients {
            // A stream that is open holds its client's wishes as well.
            let idle = clients
                .iter()
                .filter(|(_, client)| Arc::strong_count(&client.wishes) == 1)
                .min_by_key(|(_, client)| client.used)
                .map(|(key, _)| *key)?;
            clients.remove(&idle);
        }
        let listener = server.0.notifier.0.remember(server.changing_lists());
        let wishes = Arc::new(Wishes::new(listener));
        clients.insert(
            key,
            Remembered {
                wishes: Arc::clone(&wishes),
                used: now,
            },
        );
        Some(wishes)
    }

    /// Notes a call that its client can cancel. `None` when there are too many: then it cannot.
    pub(crate) fn running(
        &self,
        key: ClientKey,
        id: &str,
        call: AbortHandle,
    ) -> Option<Cancellable> {
        let entry: (ClientKey, Box<str>) = (key, id.into());
        let mut running = lock(&self.running);
        // A second call with the id of one that runs is the client's mistake; it cannot be cancelled.
        if running.len() >= self.max_running || running.contains_key(&entry) {
            return None;
        }
        running.insert(entry.clone(), call);
        drop(running);
        Some(Cancellable {
            running: Arc::clone(&self.running),
            entry,
        })
    }

    /// Cancels a call of this client. One that is not there has ended.
    pub(crate) fn cancel(&self, key: ClientKey, id: &str) {
        if let Some(call) = lock(&self.running).get(&(key, id.into())) {
            call.abort();
        }
    }
}

/// Dropped, the call cannot be cancelled any more.
pub(crate) struct Cancellable {
    running: Arc<Running>,
    entry: (ClientKey, Box<str>),
}

impl Drop for Cancellable {
    fn drop(&mut self) {
        lock(&self.running).remove(&self.entry);
    }
}
