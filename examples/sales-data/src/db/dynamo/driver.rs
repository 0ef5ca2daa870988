//! A thread that drives the asynchronous client while somebody else blocks and waits.
//!
//! The caller's runtime would not do. Whoever is asked for suggestions runs on one of its threads,
//! and such a thread may not run another future to its end. With a runtime of its own the client
//! works for callers of every kind, and goes on when all threads of theirs are blocked.

use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::task::block_in_place;
use tokio::time::timeout;

use super::TableError;

/// The runtime, with its one thread.
pub(super) struct Driver {
    handle: Handle,
    // Taken when it ends, and not before.
    runtime: Option<Runtime>,
}

impl Driver {
    pub(super) fn start() -> Result<Self, TableError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("sales-table")
            .enable_all()
            .build()
            .map_err(TableError::Thread)?;
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    /// Runs `work` on the thread and blocks until it is done or the time is up.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, TableError>> + Send + 'static,
    ) -> Result<T, TableError> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.handle.spawn(async move {
            let done = timeout(limit, work).await;
            // Nobody stops waiting before the answer.
            let _ = answer.send(done.unwrap_or(Err(TableError::Slow)));
        });
        let wait = || answered.recv().unwrap_or(Err(TableError::Panicked));
        match Handle::try_current() {
            // The caller may be on a thread that has other calls to serve: somebody else takes them
            // over. Elsewhere there is nobody, and the call waits where it is.
            Ok(callers) if callers.runtime_flavor() == RuntimeFlavor::MultiThread => {
                block_in_place(wait)
            }
            _ => wait(),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // A runtime that is merely dropped waits for its threads, which a thread of another runtime
        // is not allowed to do.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::time::{Duration, Instant};

    use tokio::time::sleep;

    use super::{Driver, TableError};

    const SOON: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(30);

    fn later(driver: &Driver) -> Result<u8, TableError> {
        driver.wait(LONG, async {
            sleep(SOON).await;
            Ok(7)
        })
    }

    #[test]
    fn a_thread_outside_of_any_runtime_can_wait() {
        assert!(matches!(later(&Driver::start().unwrap()), Ok(7)));
    }

    #[tokio::test]
    async fn the_only_thread_of_a_runtime_can_wait() {
        let driver = Driver::start().unwrap();
        assert!(matches!(later(&driver), Ok(7)));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn while_one_waits_on_a_worker_the_others_go_on() {
        let driver = Driver::start().unwrap();
        let (said, mut heard) = tokio::sync::mpsc::channel(1);
        // The work can only end when another task of this runtime has run.
        let waits =
            tokio::spawn(async move { driver.wait(LONG, async move { Ok(heard.recv().await) }) });
        let says = tokio::spawn(async move { said.send(7).await });
        says.await.unwrap().unwrap();
        assert!(matches!(waits.await.unwrap(), Ok(Some(7))));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_thread_for_blocking_work_can_wait() {
        let driver = Driver::start().unwrap();
        let waited = tokio::task::spawn_blocking(move || later(&driver));
        assert!(matches!(waited.await.unwrap(), Ok(7)));
    }

    #[test]
    fn nobody_waits_longer_than_the_limit() {
        let driver = Driver::start().unwrap();
        let begun = Instant::now();
        let outcome = driver.wait(SOON, pending::<Result<(), _>>());
        assert!(matches!(outcome, Err(TableError::Slow)));
        assert!(begun.elapsed() >= SOON);
    }

    #[test]
    fn a_panic_ends_the_wait_and_not_the_thread() {
        let driver = Driver::start().unwrap();
        let outcome = driver.wait(LONG, async { panic!("a panic of this test") });
        assert!(matches!(outcome, Err::<(), _>(TableError::Panicked)));
        assert!(matches!(later(&driver), Ok(7)));
    }
}
