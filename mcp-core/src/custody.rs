//! What clients hold for the server, and what has to be known to take it back: keys, used states,
//! sessions, questions that wait for an answer.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use crate::caller::Caller;
#[cfg(feature = "http")]
use crate::http::Replays;
use crate::limits::Limits;
use crate::replies::Replies;
use crate::seal::{Bound, Opened, Purpose, SealKeys, Sealer, Validity, unix_seconds};
#[cfg(feature = "http")]
use crate::sessions::Sessions;
use crate::single_use::SingleUse;

/// How long a cursor of a list can be used.
pub(crate) const CURSOR_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest sealed text that a client has to carry, in bytes.
pub(crate) const MAX_SEALED: usize = 16 * 1024;

/// Keys, and what must be known about what they sealed.
pub(crate) struct Custody {
    server: Box<str>,
    sealer: OnceLock<Sealer>,
    pub(crate) single_use: Option<Arc<dyn SingleUse>>,
    pub(crate) replies: Replies,
    #[cfg(feature = "http")]
    pub(crate) sessions: Sessions,
    #[cfg(feature = "http")]
    pub(crate) replays: Replays,
}

impl Custody {
    pub(crate) fn new(
        server: &str,
        keys: Option<SealKeys>,
        single_use: Option<Arc<dyn SingleUse>>,
        limits: &Limits,
    ) -> Self {
        let sealer = OnceLock::new();
        if let Some(keys) = keys {
            let _ = sealer.set(Sealer::new(keys, server));
        }
        Self {
            server: server.into(),
            sealer,
            single_use,
            replies: Replies::new(limits.in_flight),
            #[cfg(feature = "http")]
            sessions: Sessions::new(limits),
            #[cfg(feature = "http")]
            replays: Replays::new(limits),
        }
    }

    /// Takes a key that ends with the process, unless there are keys. True when something can be
    /// sealed from now on.
    pub(crate) fn single_process(&self) -> bool {
        if self.sealer.get().is_none()
            && let Ok(keys) = SealKeys::single_process()
        {
            let sealer = Sealer::new(keys, &self.server);
            if self.sealer.set(sealer).is_ok() {
                tracing::info!(
                    "what clients hold is sealed with a key of this process alone, which no other \
                     instance and no restart knows"
                );
            }
        }
        self.sealer.get().is_some()
    }

    pub(crate) fn sealer(&self) -> Option<&Sealer> {
        self.sealer.get()
    }

    /// Seals what a client holds, for this caller and use alone. `None` without keys, or when it
    /// would be longer than a client has to carry.
    pub(crate) fn seal(
        &self,
        purpose: Purpose,
        caller: Option<&Caller>,
        parts: &[&[u8]],
        lifetime: Duration,
        payload: &[u8],
    ) -> Option<String> {
        let principal = caller.map(Caller::principal).unwrap_or_default();
        let bound = Bound {
            principal: &principal,
            parts,
        };
        let issued = now();
        let validity = Validity {
            issued,
            expires: issued.saturating_add(lifetime.as_secs().max(1)),
        };
        self.sealer()?
            .seal(purpose, &bound, validity, payload, MAX_SEALED)
            .ok()
    }

    /// Opens what was sealed for this caller and use.
    pub(crate) fn open(
        &self,
        purpose: Purpose,
        caller: Option<&Caller>,
        parts: &[&[u8]],
        token: &str,
    ) -> Option<Opened> {
        let principal = caller.map(Caller::principal).unwrap_or_default();
        let bound = Bound {
            principal: &principal,
            parts,
        };
        self.sealer()?
            .open(purpose, &bound, token, now(), MAX_SEALED)
            .ok()
    }
}

fn now() -> u64 {
    unix_seconds(SystemTime::now())
}
