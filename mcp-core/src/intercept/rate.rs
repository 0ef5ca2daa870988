//! A rate for each caller.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZero;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock, Reference as _};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::ShrinkableKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::{CallReply, Intercepted, Interceptor, Next};
use crate::caller::Caller;

/// How many calls each caller may make in a time, of tools, resources, prompts and completions together.
///
/// Feature `rate-limit`.
///
/// A caller may make all of them at once; after that, each comes back after its part of the time: of 60 a
/// minute, one every second. One more is answered with the error -32603, over HTTP with status 429 and
/// `Retry-After`; its text says after how many seconds to come again. Calls of what does not exist, or not
/// for the caller, count as well. Everybody anonymous is one caller, as is the local user.
///
/// Memory is finite: 100,000 callers are remembered, or as many as [`RateLimit::callers`] says, at some 50
/// bytes each. A caller is forgotten only when all its calls have come back, which changes nothing for it.
/// While nobody can be forgotten, all callers that are not remembered share what one of them may: whoever
/// makes up callers gets no more from it, and nobody who is remembered gets less.
///
/// Each instance counts for itself.
///
/// ```
/// use std::time::Duration;
///
/// use mcp_core::intercept::RateLimit;
/// use mcp_core::{Server, server_info};
///
/// let limit = RateLimit::per_caller(60, Duration::from_secs(60));
/// assert!(Server::new(server_info!(), ()).interceptor(limit).build().is_ok());
/// ```
pub struct RateLimit {
    calls: u32,
    time: Duration,
    rates: Rates<MonotonicClock>,
}

/// How many callers are remembered where nothing else is said.
const CALLERS: usize = 100_000;

impl RateLimit {
    /// So many calls in this time, for each caller. Zero counts as one; more than one in a microsecond are
    /// one in a microsecond. Example: [`RateLimit`].
    pub fn per_caller(calls: u32, time: Duration) -> Self {
        Self {
            calls,
            time,
            rates: Rates::new(calls, time, CALLERS, MonotonicClock),
        }
    }

    /// Remembers at most so many callers, and at least one.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use mcp_core::intercept::RateLimit;
    /// let limit = RateLimit::per_caller(60, Duration::from_secs(60)).callers(1_000);
    /// # let _ = limit;
    /// ```
    pub fn callers(self, most: usize) -> Self {
        Self {
            rates: Rates::new(self.calls, self.time, most, MonotonicClock),
            ..self
        }
    }
}

impl Interceptor for RateLimit {
    fn intercept<'c>(
        &'c self,
        call: &'c Intercepted<'c>,
        next: Next<'c>,
    ) -> Pin<Box<dyn Future<Output = CallReply> + Send + 'c>> {
        let principal = call.caller().map(Caller::principal).unwrap_or_default();
        match self.rates.check(&principal) {
            Ok(()) => Box::pin(next.run()),
            Err(wait) => Box::pin(std::future::ready(CallReply::limited(
                "you are at the limit of calls in a time",
                wait,
            ))),
        }
    }
}

impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimit")
            .field("calls", &self.calls)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

/// What all callers have left.
struct Rates<C: Clock> {
    limiter: RateLimiter<Key, Callers, C, NoOpMiddleware<C::Instant>>,
    callers: Callers,
    clock: C,
    hashers: [RandomState; 2],
    /// When it was last looked for callers that can be forgotten.
    swept: Mutex<C::Instant>,
    /// How long nobody is looked for after that: a look at all of them costs about a millisecond.
    pause: Duration,
}

/// A caller: two hashes with keys of this process, so that memory does not depend on how long a name is.
type Key = [u64; 2];

impl<C: Clock + Clone> Rates<C> {
    fn new(calls: u32, time: Duration, most: usize, clock: C) -> Self {
        let calls = NonZero::new(calls).unwrap_or(NonZero::<u32>::MIN);
        let each = (time / calls.get()).max(Duration::from_micros(1));
        let quota = Quota::with_period(each).unwrap_or(Quota::per_second(calls));
        let callers = Callers::new(most.max(1));
        Self {
            limiter: RateLimiter::new(quota.allow_burst(calls), callers.clone(), clock.clone()),
            callers,
            swept: Mutex::new(clock.now()),
            clock,
            hashers: [RandomState::new(), RandomState::new()],
            pause: (time / 16).max(Duration::from_millis(50)),
        }
    }

    /// Counts one more call, or says after how long to come again.
    fn check(&self, principal: &[u8]) -> Result<(), Duration> {
        let [first, second] = &self.hashers;
        let key = [first.hash_one(principal), second.hash_one(principal)];
        if self.callers.is_full() {
            self.sweep();
        }
        let now = self.clock.now();
        self.limiter
            .check_key(&key)
            .map_err(|until| until.wait_time_from(now))
    }

    fn sweep(&self) {
        let now = self.clock.now();
        let Ok(mut swept) = self.swept.try_lock() else {
            // Somebody is at it.
            return;
        };
        if Duration::from(now.duration_since(*swept)) < self.pause {
            return;
        }
        *swept = now;
        self.limiter.retain_recent();
    }
}

/// When each caller has everything back that it may.
#[derive(Clone)]
struct Callers(Arc<Mutex<Known>>);

struct Known {
    callers: HashMap<Key, Nanos>,
    most: usize,
    /// The same for everybody who has no place.
    others: Option<Nanos>,
}

impl Callers {
    fn new(most: usize) -> Self {
        Self(Arc::new(Mutex::new(Known {
            callers: HashMap::new(),
            most,
            others: None,
        })))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_full(&self) -> bool {
        let known = self.known();
        known.callers.len() >= known.most
    }
}

impl StateStore for Callers {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut known = self.known();
        if let Some(state) = known.callers.get_mut(key) {
            let (measured, next) = measure(Some(*state))?;
            *state = next;
            return Ok(measured);
        }
        if known.callers.len() < known.most {
            let (measured, next) = measure(None)?;
            known.callers.insert(*key, next);
            return Ok(measured);
        }
        let (measured, next) = measure(known.others)?;
        known.others = Some(next);
        Ok(measured)
    }
}

impl ShrinkableKeyedStateStore<Key> for Callers {
    fn retain_recent(&self, drop_below: Nanos) {
        let mut known = self.known();
        known.callers.retain(|_, state| *state > drop_below);
    }

    fn len(&self) -> usize {
        self.known().callers.len()
    }

    fn is_empty(&self) -> bool {
        self.known().callers.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn rates(
        calls: u32,
        time: Duration,
        most: usize,
    ) -> (Rates<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Rates::new(calls, time, most, clock.clone()), clock)
    }

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn n_calls_pass_and_n_plus_one_comes_again_when_it_is_told_to() {
        let (rates, clock) = rates(3, MINUTE, 10);
        for _ in 0..3 {
            assert!(rates.check(b"ann").is_ok());
        }
        let wait = rates.check(b"ann").unwrap_err();
        assert_eq!(wait, Duration::from_secs(20));
        assert!(rates.check(b"bob").is_ok());
        clock.advance(wait.saturating_sub(Duration::from_nanos(1)));
        assert!(rates.check(b"ann").is_err());
        clock.advance(Duration::from_nanos(1));
        assert!(rates.check(b"ann").is_ok());
        assert!(rates.check(b"ann").is_err());
    }

    #[test]
    fn callers_beyond_n_share_one_allowance_and_take_nobody_s_place() {
        let (rates, _) = rates(2, MINUTE, 10);
        for caller in 0..10_u8 {
            assert!(rates.check(&[caller]).is_ok());
        }
        assert!(rates.check(&[100]).is_ok());
        assert!(rates.check(&[101]).is_ok());
        for caller in 102..=255_u8 {
            assert!(rates.check(&[caller]).is_err(), "{caller}");
        }
        // Those that have a place have what they had.
        for caller in 0..10_u8 {
            assert!(rates.check(&[caller]).is_ok(), "{caller}");
            assert!(rates.check(&[caller]).is_err(), "{caller}");
        }
        assert_eq!(rates.limiter.len(), 10);
    }

    #[test]
    fn a_caller_is_forgotten_when_it_has_everything_back_and_not_before() {
        let (rates, clock) = rates(2, MINUTE, 2);
        assert!(rates.check(b"hot").is_ok() && rates.check(b"hot").is_ok());
        assert!(rates.check(b"cool").is_ok());
        // "cool" has everything back, and a while has passed since it did; "hot" has not.
        clock.advance(Duration::from_secs(59));
        assert!(rates.check(b"hot").is_ok());
        clock.advance(Duration::from_secs(2));
        assert!(rates.check(b"new").is_ok() && rates.check(b"new").is_ok());
        let left = |caller: &[u8]| (0..3).take_while(|_| rates.check(caller).is_ok()).count();
        assert_eq!(left(b"new"), 0);
        assert_eq!(left(b"hot"), 1);
        assert_eq!(rates.limiter.len(), 2);
    }

    #[test]
    fn a_hundred_thousand_callers_have_a_place_each() {
        let (rates, _) = rates(2, MINUTE, CALLERS);
        for caller in 0..100_000_u32 {
            assert!(rates.check(&caller.to_be_bytes()).is_ok());
        }
        assert_eq!(rates.limiter.len(), CALLERS);
        for caller in 0..100_000_u32 {
            assert!(rates.check(&caller.to_be_bytes()).is_ok(), "{caller}");
        }
    }
}
