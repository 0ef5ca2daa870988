//! Connections: how many there are, how long each may take, and how they end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::stall::WriteStall;

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// How many there are at the same time.
    pub(crate) open: usize,
    /// How long one may be silent between requests, and take for the head of a request.
    pub(crate) idle: Duration,
    /// How long a client may take nothing of what is there for it.
    pub(crate) write_stall: Duration,
}

/// Connections beyond the limit that are told so at the same time; further ones are closed.
const REFUSED: usize = 64;

/// How long such a connection may take to hear of it.
const REFUSAL: Duration = Duration::from_secs(1);

/// The pause after a failed accept, such as one for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

/// How much of the head of a request is read before it is too long, give or take a read: as much as a load
/// balancer of AWS passes on ([quotas]). hyper's own limit is six times as much, for each connection.
///
/// [quotas]: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
const HEAD_BYTES: usize = 64 * 1024;

/// All connections of a host.
pub(crate) struct Connections {
    router: Router,
    limits: ConnectionLimits,
    slots: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    graceful: GracefulShutdown,
    running: JoinSet<()>,
}

impl Connections {
    pub(crate) fn new(router: Router, limits: ConnectionLimits) -> Self {
        Self {
            router,
            limits,
            slots: Arc::new(Semaphore::new(limits.open)),
            refusals: Arc::new(Semaphore::new(REFUSED)),
            graceful: GracefulShutdown::new(),
            running: JoinSet::new(),
        }
    }

    /// Takes connections until it is dropped.
    pub(crate) async fn accept(&mut self, listener: &TcpListener) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                // Nothing is kept of those that ended.
                Some(_) = self.running.join_next() => continue,
            };
            match accepted {
                Ok((stream, _)) => self.take(stream),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn take(&mut self, stream: TcpStream) {
        match Arc::clone(&self.slots).try_acquire_owned() {
            Ok(slot) => self.serve(stream, slot),
            Err(_) => self.refuse(stream),
        }
    }

    fn serve(&mut self, stream: TcpStream, slot: OwnedSemaphorePermit) {
        // Events are small and must not wait for each other.
        let _ = stream.set_nodelay(true);
        let io = TokioIo::new(WriteStall::new(stream, self.limits.write_stall));
        let service = TowerToHyperService::new(self.router.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.idle)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(io, service);
        let connection = self.graceful.watch(connection);
        self.running.spawn(async move {
            // An error is the client's: it went away, or spoke no HTTP.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(slot);
        });
    }

    /// Tells a client that there is no room, instead of leaving it waiting.
    fn refuse(&mut self, mut stream: TcpStream) {
        let Ok(slot) = Arc::clone(&self.refusals).try_acquire_owned() else {
            return;
        };
        self.running.spawn(async move {
            let told = async {
                stream.write_all(FULL.as_bytes()).await?;
                stream.shutdown().await?;
                // What the client sends is read, since a socket that is closed with something unread
                // takes back what was written.
                let mut unread = [0; 1024];
                while stream.read(&mut unread).await? > 0 {}
                Ok::<_, std::io::Error>(())
            };
            // Whoever goes away or goes on talking has been told.
            let _ = tokio::time::timeout(REFUSAL, told).await;
            drop(slot);
        });
    }

    /// Lets what is under way finish, each connection up to the end of its request.
    pub(crate) async fn finish(self) {
        let Self {
            graceful,
            mut running,
            ..
        } = self;
        graceful.shutdown().await;
        while running.join_next().await.is_some() {}
    }
}

/// The reply to a connection beyond the limit.
const FULL: &str = concat!(
    "HTTP/1.1 503 Service Unavailable\r\n",
    "content-type: application/json\r\n",
    "retry-after: 1\r\n",
    "connection: close\r\n",
    "content-length: 160\r\n",
    "\r\n",
    r#"{"jsonrpc":"2.0","error":{"code":-32603,"message":"the server is at its limit of connections; try again in a moment","data":{"reason":"too-many-connections"}}}"#,
    "\n",
);

#[cfg(test)]
mod tests {
    use mcp_core::Refusal;

    use super::FULL;

    #[test]
    fn the_refusal_has_the_length_that_it_says() {
        let (head, body) = FULL.split_once("\r\n\r\n").unwrap();
        let length = format!("content-length: {}", body.len());
        assert!(head.lines().any(|line| line == length), "{length}");
        let reason = format!(r#""reason":"{}""#, Refusal::TooManyConnections);
        assert!(body.contains(&reason), "{body}");
    }
}
