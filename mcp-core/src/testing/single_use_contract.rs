//! What every [`SingleUse`] store has to keep to, as a test.

use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use crate::single_use::SingleUse;

/// How many use one id at once.
const RIVALS: usize = 64;

/// How long ids are remembered that have nothing to do with time.
const MINUTE: Duration = Duration::from_secs(60);

/// Tests an implementation of [`SingleUse`]: one of 64 concurrent callers wins, ids do not get in
/// each other's way, and an id is remembered to the last fraction of a second.
///
/// It uses random ids, so a store may be tested that others use, and takes a second and a half. It
/// needs a tokio runtime with timers. That several processes agree is for you to test.
///
/// ```
/// use mcp_core::MemoryStore;
/// use mcp_core::testing::check_single_use;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
/// # runtime.block_on(async {
/// check_single_use(&MemoryStore::single_process()).await.unwrap();
/// # });
/// ```
///
/// # Errors
///
/// What the store got wrong.
pub async fn check_single_use(store: &dyn SingleUse) -> Result<(), String> {
    let first = random_id();
    expect(store, &first, MINUTE, true, "an id that was never used").await?;
    expect(store, &first, MINUTE, false, "an id at its second use").await?;
    let mut neighbour = first;
    if let Some(last) = neighbour.last_mut() {
        *last ^= 1;
    }
    expect(
        store,
        &neighbour,
        MINUTE,
        true,
        "an id that differs in one bit from a used one",
    )
    .await?;

    let wins = race(store, random_id()).await?;
    if wins != 1 {
        return Err(format!(
            "{wins} of {RIVALS} callers that used one id at once were told `true`"
        ));
    }

    // A store that counts whole seconds has to round up.
    let brief = random_id();
    expect(
        store,
        &brief,
        Duration::from_millis(1900),
        true,
        "an id that was never used",
    )
    .await?;
    tokio::time::sleep(Duration::from_millis(1300)).await;
    expect(
        store,
        &brief,
        MINUTE,
        false,
        "an id to be kept for 1.9 seconds, 1.3 seconds later",
    )
    .await
}

async fn expect(
    store: &dyn SingleUse,
    id: &[u8; 16],
    keep_for: Duration,
    expected: bool,
    what: &str,
) -> Result<(), String> {
    match store.consume(id, keep_for).await {
        Ok(told) if told == expected => Ok(()),
        Ok(told) => Err(format!("for {what} the store says `{told}`")),
        Err(error) => Err(format!("for {what} the store fails: {error:?}")),
    }
}

/// Uses one id `RIVALS` times at once. How many were told that they were the first.
async fn race(store: &dyn SingleUse, id: [u8; 16]) -> Result<usize, String> {
    let id = &id;
    let mut waiting: Vec<Pin<Box<dyn Future<Output = _> + Send + '_>>> =
        (0..RIVALS).map(|_| store.consume(id, MINUTE)).collect();
    let mut told = Vec::new();
    poll_fn(|context| {
        waiting.retain_mut(|rival| match rival.as_mut().poll(context) {
            Poll::Ready(result) => {
                told.push(result);
                false
            }
            Poll::Pending => true,
        });
        if waiting.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    let mut wins = 0;
    for result in told {
        let won =
            result.map_err(|error| format!("with {RIVALS} callers the store fails: {error:?}"))?;
        wins += usize::from(won);
    }
    Ok(wins)
}

/// Random enough not to meet another one.
pub(super) fn random_id() -> [u8; 16] {
    let half = || u128::from(RandomState::new().hash_one(0));
    ((half() << 64) | half()).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Mutex;
    use std::time::Instant;

    use super::*;
    use crate::single_use::{MemoryStore, StoreError};

    #[tokio::test]
    async fn the_memory_store_keeps_to_the_contract() {
        let store = MemoryStore::single_process();
        assert_eq!(check_single_use(&store).await, Ok(()));
        assert_eq!(check_single_use(&store).await, Ok(()));
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Mistake {
        Forgets,
        LooksThenWrites,
        CutsIds,
        RoundsDown,
        Fails,
    }

    struct Wrong(Mistake, Mutex<HashMap<[u8; 16], Instant>>);

    impl SingleUse for Wrong {
        fn consume<'s>(
            &'s self,
            id: &'s [u8; 16],
            keep_for: Duration,
        ) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send + 's>> {
            Box::pin(async move {
                let Self(mistake, used) = self;
                let mut id = *id;
                if *mistake == Mistake::CutsIds {
                    id[15] = 0;
                }
                let is_new = used
                    .lock()
                    .unwrap()
                    .get(&id)
                    .is_none_or(|until| *until <= Instant::now());
                let keep_for = match mistake {
                    Mistake::Fails => return Err(StoreError::new("no connection")),
                    Mistake::Forgets => Duration::ZERO,
                    Mistake::RoundsDown => Duration::from_secs(keep_for.as_secs()),
                    Mistake::LooksThenWrites => {
                        tokio::task::yield_now().await;
                        keep_for
                    }
                    Mistake::CutsIds => keep_for,
                };
                used.lock().unwrap().insert(id, Instant::now() + keep_for);
                Ok(is_new)
            })
        }
    }

    #[tokio::test]
    async fn every_mistake_of_a_store_is_found() {
        for (mistake, says) in [
            (
                Mistake::Forgets,
                "an id at its second use the store says `true`",
            ),
            (Mistake::LooksThenWrites, "64 of 64 callers"),
            (
                Mistake::CutsIds,
                "differs in one bit from a used one the store says `false`",
            ),
            (
                Mistake::RoundsDown,
                "1.3 seconds later the store says `true`",
            ),
            (Mistake::Fails, "the store fails: no connection"),
        ] {
            let error = check_single_use(&Wrong(mistake, Mutex::default()))
                .await
                .unwrap_err();
            assert!(error.contains(says), "{error}");
        }
    }
}
