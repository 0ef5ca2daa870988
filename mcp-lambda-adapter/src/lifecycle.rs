//! From the start of the process to its end, and the snapshot in between.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lambda_runtime::{BoxFuture, Context, SnapStartResource};
use mcp_core::HostError;

/// The work around a snapshot, see [`Lambda::after_restore`](crate::Lambda::after_restore).
pub(crate) type Hook =
    Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), HostError>> + Send>> + Send + Sync>;

/// What the author does around a snapshot.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) before_snapshot: Vec<Hook>,
    pub(crate) after_restore: Vec<Hook>,
}

impl SnapStartResource for Hooks {
    fn before_snapshot(&self) -> BoxFuture<'_, Result<(), lambda_runtime::Error>> {
        Box::pin(run(&self.before_snapshot))
    }

    fn after_restore(&self) -> BoxFuture<'_, Result<(), lambda_runtime::Error>> {
        Box::pin(run(&self.after_restore))
    }
}

async fn run(hooks: &[Hook]) -> Result<(), lambda_runtime::Error> {
    for hook in hooks {
        hook().await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Says once that the first invocation of this process has come.
pub(crate) struct ColdStart {
    noted: AtomicBool,
    /// From the start of the server until it could take invocations.
    init: Duration,
}

impl ColdStart {
    pub(crate) fn after(init: Duration) -> Self {
        Self {
            noted: AtomicBool::new(false),
            init,
        }
    }

    pub(crate) fn note(&self, context: &Context) {
        // Looked at first: a warm invocation writes nothing that others read.
        if self.noted.load(Ordering::Relaxed) || self.noted.swap(true, Ordering::Relaxed) {
            return;
        }
        let request_id = &*context.request_id;
        let init_ms = u64::try_from(self.init.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            cold_start = true,
            init_ms,
            request_id,
            "the first invocation"
        );
    }
}

/// Waits until the process is asked to end. Lambda asks a process that has an extension, and leaves it
/// 300 to 500 ms.
pub(crate) struct Termination {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

impl Termination {
    /// Catches the signal from now on.
    pub(crate) fn catch() -> std::io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?,
        })
    }

    pub(crate) async fn asked(mut self) {
        #[cfg(unix)]
        self.signal.recv().await;
        #[cfg(not(unix))]
        std::future::pending::<()>().await;
    }
}
