//! Whether Redis is there, as all connections to it find it: they share the pauses between attempts,
//! and the log hears of an outage once.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The pause after the first failure, which doubles up to the second.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// How long after a pause a failure is the first one again. Not at once, or a Redis that takes
/// connections only to end them would be kept busy.
const CALM: Duration = PAUSE.1;

/// One Redis, and whether it is away.
#[derive(Debug)]
pub(super) struct Outage {
    /// Where Redis is, without a password.
    address: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Why it cannot be used, if that is so.
    away: Option<String>,
    pause: Duration,
    /// When the last pause is over. While Redis is away, nobody tries before.
    until: Option<Instant>,
}

impl State {
    /// What is left of a pause.
    fn left(&self, now: Instant) -> Option<(&str, Instant)> {
        let until = self.until.filter(|until| now < *until)?;
        Some((self.away.as_deref()?, until))
    }
}

impl Outage {
    pub(super) fn new(address: String) -> Self {
        Self {
            address,
            state: Mutex::default(),
        }
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// It cannot be used. Returns when to try again.
    pub(super) fn failed(&self, why: String) -> Instant {
        let now = Instant::now();
        let mut state = self.state();
        if let Some((_, until)) = state.left(now) {
            // Connections fail together, which is one failure.
            return until;
        }
        let is_first = state.until.is_none_or(|until| now > until + CALM);
        state.pause = if is_first {
            PAUSE.0
        } else {
            PAUSE.1.min(state.pause * 2)
        };
        let until = now + with_jitter(state.pause);
        state.until = Some(until);
        if state.away.is_none() {
            let address = &self.address;
            tracing::warn!(
                address,
                error = why,
                "Redis is away, trying until it is back"
            );
        }
        state.away = Some(why);
        until
    }

    /// It can be used.
    pub(super) fn over(&self) {
        if self.state().away.take().is_some() {
            tracing::info!(address = self.address, "Redis is back");
        }
    }

    /// Refuses what comes before the next attempt.
    pub(super) fn check(&self) -> Result<(), String> {
        let now = Instant::now();
        match self.state().left(now) {
            None => Ok(()),
            Some((why, until)) => {
                let text = self.describe(why);
                let wait = until.duration_since(now).as_millis();
                Err(format!("{text}; the next attempt is in {wait} ms"))
            }
        }
    }

    /// The text of a failure, as the caller gets it.
    pub(super) fn describe(&self, why: &str) -> String {
        format!("Redis at `{}`: {why}", self.address)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Between half of a pause and all of it, so that instances do not come back as one.
fn with_jitter(pause: Duration) -> Duration {
    let share = RandomState::new().hash_one(0) % 1000;
    let share = u32::try_from(share).unwrap_or_default();
    pause / 2 + pause / 2 * share / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_at_least_half_and_at_most_whole() {
        for _ in 0..1000 {
            let pause = with_jitter(PAUSE.1);
            assert!(pause >= PAUSE.1 / 2 && pause <= PAUSE.1, "{pause:?}");
        }
    }

    fn outage() -> Outage {
        Outage::new("redis.example:6379".to_owned())
    }

    /// Fails so many times. Returns the longest pause.
    async fn fail(outage: &Outage, times: usize) -> Duration {
        let mut longest = Duration::ZERO;
        for _ in 0..times {
            assert_eq!(outage.check(), Ok(()));
            let until = outage.failed("refused".to_owned());
            longest = longest.max(until - Instant::now());
            tokio::time::sleep_until(until).await;
        }
        longest
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_up_to_five_seconds_and_begin_again_when_it_was_calm() {
        let outage = outage();
        for _ in 0..2 {
            assert!(fail(&outage, 1).await <= PAUSE.0);
            let longest = fail(&outage, 20).await;
            assert!(longest >= PAUSE.1 / 2 && longest <= PAUSE.1, "{longest:?}");
            outage.over();
            tokio::time::sleep(CALM + Duration::from_millis(1)).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_where_connections_end_as_soon_as_they_are_there() {
        let outage = outage();
        for _ in 0..20 {
            fail(&outage, 1).await;
            outage.over();
        }
        assert!(fail(&outage, 1).await >= PAUSE.1 / 2);
    }

    #[tokio::test(start_paused = true)]
    async fn before_the_next_attempt_the_failure_is_told_again() {
        let outage = outage();
        let until = outage.failed("refused".to_owned());
        assert_eq!(outage.failed("refused".to_owned()), until);
        let told = outage.check().unwrap_err();
        assert!(told.starts_with("Redis at `redis.example:6379`: refused; the next"));
        outage.over();
        assert_eq!(outage.check(), Ok(()));
    }
}
