//! The end of the process, without losing a call.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use mcp_core::{HostError, Server};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// How long calls in flight may take to finish once the process is asked to end: less than the 30
/// seconds that ECS waits by default before it kills a container.
const GRACE: Duration = Duration::from_secs(25);

/// Serves until SIGTERM or Ctrl-C, then lets calls in flight finish.
pub(crate) async fn serve_until_asked(
    listener: TcpListener,
    router: Router,
    ready: Arc<AtomicBool>,
    server: Server,
    signals: Signals,
) -> Result<(), HostError> {
    let (asked, mut until) = watch::channel(false);
    let serving = axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            // An error means that the sender is gone, and with it the host.
            let _ = until.wait_for(|asked| *asked).await;
        })
        .into_future();
    let asked_to_end = async move {
        signals.first().await?;
        ready.store(false, Ordering::Relaxed);
        tracing::info!(grace = ?GRACE, "asked to end, calls in flight may finish");
        asked.send_replace(true);
        // These would never end by themselves.
        server.end_subscriptions();
        tokio::time::sleep(GRACE).await;
        tracing::warn!("calls did not finish in time and are cancelled");
        Ok::<(), io::Error>(())
    };
    tokio::select! {
        done = serving => done?,
        ended = asked_to_end => ended?,
    }
    Ok(())
}

/// What asks the process to end.
///
/// On Unix such a signal is kept, from the moment this exists, until somebody waits for it; before,
/// it ends the process at once. So it has to be there before the first connection is accepted.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn catch() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the first of them.
    #[cfg(unix)]
    async fn first(mut self) -> io::Result<()> {
        tokio::select! {
            _ = self.terminate.recv() => Ok(()),
            _ = self.interrupt.recv() => Ok(()),
        }
    }

    /// Waits for the first of them.
    #[cfg(not(unix))]
    async fn first(self) -> io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}
