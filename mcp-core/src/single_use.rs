//! Remembering what was used, so that it is used once.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Remembers which states of `#[tool(single_use)]` tools were used.
///
/// A client may send one state many times, to many instances of a server at once. The store is what
/// they agree on: a row with a unique key, a conditional write, `SET .. NX`.
///
/// ```
/// use std::pin::Pin;
/// use std::time::Duration;
///
/// use mcp_core::{SingleUse, StoreError};
/// # struct Database;
/// # impl Database {
/// #     async fn insert_if_absent(&self, _: String, _: u64) -> std::io::Result<bool> { Ok(true) }
/// # }
///
/// struct Table(Database);
///
/// impl SingleUse for Table {
///     fn consume<'s>(
///         &'s self,
///         id: &'s [u8; 16],
///         keep_for: Duration,
///     ) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 's>> {
///         Box::pin(async move {
///             let key = format!("{:032x}", u128::from_be_bytes(*id));
///             let seconds = keep_for.as_secs() + 1; // rounded up: never forgotten too early
///             Ok(self.0.insert_if_absent(key, seconds).await?)
///         })
///     }
/// }
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # let used = Table(Database);
/// # assert!(runtime.block_on(used.consume(&[1; 16], Duration::ZERO)).unwrap());
/// ```
#[cfg_attr(
    feature = "testing",
    doc = "\n[`check_single_use`](crate::testing::check_single_use) tests an implementation."
)]
pub trait SingleUse: Send + Sync + 'static {
    /// True exactly once per `id` until `keep_for` has passed, over all callers in all processes.
    /// After that the id does not come again.
    ///
    /// The future may be dropped while it waits. Whether the id counts as used then is left to the
    /// store, as when an error is returned.
    ///
    /// # Errors
    ///
    /// The store cannot say whether the id was used. The call is then refused.
    fn consume<'s>(
        &'s self,
        id: &'s [u8; 16],
        keep_for: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 's>>;
}

/// Why a store could not say whether something was used.
///
/// Any [`std::error::Error`] becomes one through `?`. The text goes to the log and never to a
/// client. Like [`Error`](crate::Error), it is not itself a `std::error::Error`.
///
/// ```
/// use mcp_core::StoreError;
///
/// fn rows(answer: &str) -> Result<u64, StoreError> {
///     if answer.is_empty() {
///         return Err(StoreError::new("the store gave no answer"));
///     }
///     Ok(answer.parse()?)
/// }
///
/// assert_eq!(rows("1").unwrap(), 1);
/// assert!(rows("").is_err() && rows("x").is_err());
/// ```
pub struct StoreError(Box<dyn StdError + Send + Sync>);

impl StoreError {
    /// An error of a text, or of something that `?` cannot take by itself: `anyhow::Error`, a boxed
    /// error. Example: [`StoreError`].
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(cause.into())
    }

    /// What [`Error::private`](crate::Error::private) takes.
    pub(crate) fn into_cause(self) -> Box<dyn StdError + Send + Sync> {
        self.0
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for StoreError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

/// Shows the cause, for tests and logs: never send it to a client.
impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A store in memory, for a server that is one process.
///
/// Only for one: what this process used, another does not know, and a restart forgets it. Several
/// instances of a server need a store in common, behind a [`SingleUse`] of your own.
///
/// ```
/// use std::time::Duration;
///
/// use mcp_core::{MemoryStore, SingleUse};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(async {
/// let store = MemoryStore::single_process();
/// assert!(store.consume(&[7; 16], Duration::from_secs(60)).await.unwrap());
/// assert!(!store.consume(&[7; 16], Duration::from_secs(60)).await.unwrap());
/// # });
/// ```
pub struct MemoryStore {
    capacity: usize,
    used: Mutex<Used>,
}

#[derive(Default)]
struct Used {
    ids: HashSet<[u8; 16]>,
    /// The same ids, the one that is forgotten next on top.
    order: BinaryHeap<Reverse<(Instant, [u8; 16])>>,
}

impl MemoryStore {
    /// A store for a server that is one process. It remembers 100,000 ids; with more, calls are
    /// refused until one may be forgotten. Example: [`MemoryStore`].
    pub fn single_process() -> Self {
        Self::with_capacity(100_000)
    }

    /// The same with room for `ids`, each of which takes about 100 bytes.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use mcp_core::{MemoryStore, SingleUse};
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(async {
    /// let store = MemoryStore::with_capacity(1);
    /// assert!(store.consume(&[1; 16], Duration::from_secs(60)).await.unwrap());
    /// assert!(store.consume(&[2; 16], Duration::from_secs(60)).await.is_err());
    /// # });
    /// ```
    pub fn with_capacity(ids: usize) -> Self {
        Self {
            capacity: ids,
            used: Mutex::default(),
        }
    }

    fn consume_at(
        &self,
        now: Instant,
        id: [u8; 16],
        keep_for: Duration,
    ) -> Result<bool, StoreError> {
        let forgotten_at = now
            .checked_add(keep_for)
            .ok_or_else(|| StoreError::new("no clock counts as far as `keep_for`"))?;
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.forget(now);
        if used.ids.contains(&id) {
            return Ok(false);
        }
        if used.ids.len() >= self.capacity {
            return Err(StoreError::new(format!(
                "all {} places of the `MemoryStore` are taken; give it more with `with_capacity`",
                self.capacity
            )));
        }
        used.ids.insert(id);
        used.order.push(Reverse((forgotten_at, id)));
        Ok(true)
    }
}

impl Used {
    /// Drops the ids whose time has passed.
    fn forget(&mut self, now: Instant) {
        while let Some(&Reverse((forgotten_at, id))) = self.order.peek()
            && forgotten_at <= now
        {
            self.order.pop();
            self.ids.remove(&id);
        }
    }
}

impl SingleUse for MemoryStore {
    fn consume<'s>(
        &'s self,
        id: &'s [u8; 16],
        keep_for: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 's>> {
        Box::pin(async move { self.consume_at(Instant::now(), *id, keep_for) })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Barrier};
    use std::thread;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn id(n: usize) -> [u8; 16] {
        u128::try_from(n).unwrap().to_be_bytes()
    }

    #[test]
    fn exactly_one_of_64_threads_that_use_an_id_at_once_wins() {
        let store = Arc::new(MemoryStore::single_process());
        for round in 0..50 {
            let barrier = Arc::new(Barrier::new(64));
            let threads: Vec<_> = (0..64)
                .map(|_| {
                    let (store, barrier) = (Arc::clone(&store), Arc::clone(&barrier));
                    thread::spawn(move || {
                        barrier.wait();
                        store.consume_at(Instant::now(), id(round), MINUTE).unwrap()
                    })
                })
                .collect();
            let won = threads
                .into_iter()
                .filter_map(|it| it.join().ok().filter(|won| *won));
            assert_eq!(won.count(), 1);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn exactly_one_of_64_tasks_that_use_an_id_at_once_wins() {
        let store: Arc<dyn SingleUse> = Arc::new(MemoryStore::single_process());
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.consume(&id(1), MINUTE).await.unwrap() })
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            won += usize::from(task.await.unwrap());
        }
        assert_eq!(won, 1);
    }

    #[test]
    fn n_ids_are_remembered_and_one_more_is_an_error_that_forgets_nothing() {
        let store = MemoryStore::with_capacity(3);
        let now = Instant::now();
        for n in 0..3 {
            assert!(store.consume_at(now, id(n), MINUTE).unwrap());
        }
        let error = store.consume_at(now, id(3), MINUTE).unwrap_err();
        assert!(format!("{error:?}").contains("all 3 places"), "{error:?}");
        for n in 0..3 {
            assert!(!store.consume_at(now, id(n), MINUTE).unwrap());
        }
        assert!(store.consume_at(now, id(3), MINUTE).is_err());
    }

    #[test]
    fn an_id_is_kept_for_as_long_as_was_asked_and_then_makes_room() {
        let store = MemoryStore::with_capacity(2);
        let start = Instant::now();
        let just_before = start + Duration::from_nanos(59_999_999_999);
        // The one that is kept longer comes first, so order of use is not order of expiry.
        assert!(store.consume_at(start, id(1), 2 * MINUTE).unwrap());
        assert!(store.consume_at(start, id(2), MINUTE).unwrap());
        assert!(!store.consume_at(just_before, id(2), MINUTE).unwrap());
        assert!(store.consume_at(just_before, id(3), MINUTE).is_err());
        assert!(store.consume_at(start + MINUTE, id(3), MINUTE).unwrap());
        assert!(!store.consume_at(start + MINUTE, id(1), MINUTE).unwrap());
        assert_eq!(store.used.lock().unwrap().ids.len(), 2);
        assert_eq!(store.used.lock().unwrap().order.len(), 2);
    }

    #[test]
    fn using_an_id_again_does_not_keep_it_longer() {
        let store = MemoryStore::with_capacity(1);
        let start = Instant::now();
        assert!(store.consume_at(start, id(1), MINUTE).unwrap());
        assert!(!store.consume_at(start, id(1), 2 * MINUTE).unwrap());
        assert!(store.consume_at(start + MINUTE, id(2), MINUTE).unwrap());
    }

    #[test]
    fn a_time_beyond_the_clock_is_an_error() {
        let store = MemoryStore::single_process();
        assert!(
            store
                .consume_at(Instant::now(), id(1), Duration::MAX)
                .is_err()
        );
    }

    #[test]
    fn a_store_error_holds_what_it_was_made_of() {
        let error = StoreError::from(std::io::Error::other("refused by 10.0.0.7"));
        assert_eq!(format!("{error:?}"), "refused by 10.0.0.7");
        assert_eq!(
            StoreError::new("no answer").into_cause().to_string(),
            "no answer"
        );
    }
}
