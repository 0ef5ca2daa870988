//! A call that runs: its future, its time limit and the evidence of how it ended.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use tokio::task::unconstrained;
use tokio::time::Sleep;

use crate::context::LazyContext;
use crate::output::Reply;
use crate::server::Server;

/// How long a call may run: as long as the function or the server says, and not beyond the time when
/// the host stops waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimit {
    time: Duration,
    /// When the host stops waiting, where that comes first.
    deadline: Option<Instant>,
}

impl TimeLimit {
    pub(crate) fn of(server: &Server, own: Option<Duration>, deadline: Option<Instant>) -> Self {
        let time = own.unwrap_or(server.0.limits.call_timeout);
        Self {
            time,
            deadline: deadline.filter(|deadline| left(*deadline) < time),
        }
    }

    /// Whether it is the host that sets it.
    pub(crate) fn is_deadline(self) -> bool {
        self.deadline.is_some()
    }

    /// What is left of it for a call that has not waited yet.
    pub(crate) fn left(self) -> Duration {
        self.deadline.map_or(self.time, left)
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// Why a call ended without a reply of its own.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// The function panicked. The panic hook has said where.
    Panicked,
    /// The time limit passed.
    TimedOut(Duration),
}

/// Runs `f`, turning a panic into a value.
///
/// State shared between calls sits behind the user's own types; a lock that the panic poisoned says
/// so itself.
pub(crate) fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, Stopped> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|payload: Box<dyn Any + Send>| {
        // A payload whose own drop panics must not escape either.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
        Stopped::Panicked
    })
}

type CallFuture<'c> = Pin<Box<dyn Future<Output = Reply> + Send + 'c>>;

/// A call whose function is asynchronous.
pub(crate) struct Running<'c> {
    /// `None` once the call has ended.
    future: Option<CallFuture<'c>>,
    limit: TimeLimit,
    /// Knows how long the call waited for its client, which does not count against the limit.
    context: &'c LazyContext<'c>,
    /// How much of that was added to the limit.
    granted: Duration,
    /// Started when the call first has to wait, so that a call which does not wait pays nothing.
    timer: Option<Pin<Box<Sleep>>>,
}

impl<'c> Running<'c> {
    pub(crate) fn new(
        future: CallFuture<'c>,
        limit: TimeLimit,
        context: &'c LazyContext<'c>,
    ) -> Self {
        Self {
            future: Some(future),
            limit,
            context,
            granted: Duration::ZERO,
            timer: None,
        }
    }
}

impl Running<'_> {
    fn poll_call(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<Reply, Stopped>> {
        let Some(future) = &mut self.future else {
            return Poll::Pending;
        };
        match guarded(|| future.as_mut().poll(cx)) {
            Ok(Poll::Ready(reply)) => return Poll::Ready(Ok(reply)),
            Ok(Poll::Pending) => {}
            Err(stopped) => return Poll::Ready(Err(stopped)),
        }
        let limit = self.limit;
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(limit.left())));
        loop {
            // Outside tokio's budget: a function that uses it up on every poll must not outrun its
            // time limit.
            if pin!(unconstrained(timer.as_mut())).poll(cx).is_pending() {
                return Poll::Pending;
            }
            let waited = self.context.waited_for_client();
            let more = waited.saturating_sub(self.granted);
            // No host waits longer because its client takes long.
            if more.is_zero() || limit.is_deadline() {
                return Poll::Ready(Err(Stopped::TimedOut(limit.time)));
            }
            self.granted = waited;
            timer.as_mut().reset(tokio::time::Instant::now() + more);
        }
    }

    /// Drops the function's future. What it drops is the user's code, which may panic.
    fn end(&mut self) -> Result<(), Stopped> {
        let future = self.future.take();
        guarded(|| drop(future))
    }
}

impl Future for Running<'_> {
    type Output = Result<Reply, Stopped>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let polled = self.poll_call(cx);
        if polled.is_ready()
            && let Err(stopped) = self.end()
        {
            return Poll::Ready(Err(stopped));
        }
        polled
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // Nobody is left to tell; the panic hook has said what there is to say.
        let _ = self.end();
    }
}

/// Records how one call ended. Dropped without an end, it says that the call was cancelled.
pub(crate) struct Evidence<'n> {
    tool: &'n str,
    ended: bool,
}

impl<'n> Evidence<'n> {
    pub(crate) fn of(tool: &'n str) -> Self {
        Self { tool, ended: false }
    }

    /// The call has a reply.
    pub(crate) fn ended(mut self) {
        self.ended = true;
    }
}

impl Drop for Evidence<'_> {
    fn drop(&mut self) {
        if !self.ended {
            tracing::info!(tool = self.tool, "the call was cancelled");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(future: impl Future<Output = Reply> + Send) -> Result<Reply, Stopped> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let context = LazyContext::made(crate::Context::for_tests());
        let limit = TimeLimit {
            time: Duration::from_millis(20),
            deadline: None,
        };
        runtime.block_on(Running::new(Box::pin(future), limit, &context))
    }

    #[test]
    fn a_panic_before_and_after_a_wait_is_a_value() {
        assert!(matches!(
            run(async { panic!("at once") }),
            Err(Stopped::Panicked)
        ));
        let later = async {
            tokio::task::yield_now().await;
            panic!("later")
        };
        assert!(matches!(run(later), Err(Stopped::Panicked)));
    }

    #[test]
    fn a_call_that_never_ends_is_stopped() {
        assert!(matches!(
            run(std::future::pending()),
            Err(Stopped::TimedOut(_))
        ));
    }
}
