//! The end of the process, without losing a call.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use mcp_core::{HostError, Server};
use tokio::net::TcpListener;
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
) -> Result<(), HostError> {
    let (asked, mut until) = watch::channel(false);
    let serving = axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            // An error means that the sender is gone, and with it the host.
            let _ = until.wait_for(|asked| *asked).await;
        })
        .into_future();
    let signal = async move {
        signal().await?;
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
        ended = signal => ended?,
    }
    Ok(())
}

/// Waits until the process is asked to end.
async fn signal() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            _ = terminate.recv() => Ok(()),
            _ = interrupt.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
