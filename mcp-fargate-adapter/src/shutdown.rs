//! The end of the process, without losing a call.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mcp_core::Server;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::connections::Connections;

/// How long a process takes to end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ending {
    /// How long it goes on taking connections after `/readyz` said 503, since a load balancer
    /// notices a while later.
    pub(crate) pre_drain: Duration,
    /// How long calls in flight may take after that.
    pub(crate) grace: Duration,
}

/// Serves until SIGTERM or Ctrl-C, then lets calls in flight finish. A second signal cancels them.
pub(crate) async fn serve_until_asked(
    listener: TcpListener,
    mut connections: Connections,
    ready: &AtomicBool,
    server: &Server,
    ending: Ending,
    mut signals: Signals,
) -> io::Result<()> {
    let mut in_touch = pin!(server.keep_in_touch());
    tokio::select! {
        () = connections.accept(&listener) => {}
        () = &mut in_touch => {}
        asked = signals.next() => asked?,
    }
    ready.store(false, Ordering::Relaxed);
    let Ending { pre_drain, grace } = ending;
    tracing::info!(
        ?pre_drain,
        ?grace,
        "asked to end, calls in flight may finish"
    );
    let again = async {
        tokio::select! {
            () = &mut in_touch => {}
            asked = signals.next() => asked?,
        }
        Ok::<(), io::Error>(())
    };
    let ended = async {
        // Dropped at the end of its time.
        let _ = tokio::time::timeout(pre_drain, connections.accept(&listener)).await;
        drop(listener);
        // These would never end by themselves.
        server.end_subscriptions();
        tokio::time::timeout(grace, connections.finish()).await
    };
    tokio::select! {
        done = ended => {
            if done.is_err() {
                tracing::warn!("calls did not finish in time and are cancelled");
            }
        }
        asked = again => {
            asked?;
            tracing::warn!("asked again, calls in flight are cancelled");
        }
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

    /// Waits for the next of them.
    #[cfg(unix)]
    async fn next(&mut self) -> io::Result<()> {
        tokio::select! {
            _ = self.terminate.recv() => Ok(()),
            _ = self.interrupt.recv() => Ok(()),
        }
    }

    /// Waits for the next of them.
    #[cfg(not(unix))]
    async fn next(&mut self) -> io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}
