//! The connection for commands, which all that send some share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Cmd, ErrorKind, FromRedisValue, RedisError, ServerErrorKind};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout_at};

use super::target::{Ended, Target};

/// How long a command may take, with connecting. The core waits for two seconds and would then only
/// know that it waited.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Sends commands, over a connection that is made when it is needed.
pub(super) struct Link {
    pub(super) target: Arc<Target>,
    current: Arc<Mutex<Option<Arc<Open>>>>,
}

struct Open {
    connection: MultiplexedConnection,
    ended: Ended,
    /// Nobody should use it any more, though it has not ended.
    given_up: AtomicBool,
}

impl Link {
    pub(super) fn new(target: Target) -> Self {
        Self {
            target: Arc::new(target),
            current: Arc::default(),
        }
    }

    /// Sends a command once, and waits for what Redis answers. Dropped while it waits, it may have
    /// been carried out all the same, as when it fails.
    pub(super) async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, String> {
        let outage = &self.target.outage;
        let deadline = Instant::now() + PATIENCE;
        let late = |what: &str| outage.describe(&format!("no {what} in {PATIENCE:?}"));
        let open = timeout_at(deadline, self.open()).await;
        let open = open.map_err(|_| late("connection"))??;
        let mut connection = open.connection.clone();
        match timeout_at(deadline, command.query_async(&mut connection)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                if !is_about_the_command(&error) {
                    open.give_up();
                }
                Err(outage.describe(&self.target.text(&error)))
            }
            Err(_) => {
                // Redis may be gone without having said so.
                open.give_up();
                Err(late("answer"))
            }
        }
    }

    /// The connection there is, or a new one.
    async fn open(&self) -> Result<Arc<Open>, String> {
        // Held while connecting, so that one connects and the others wait for what comes of it.
        let mut current = Arc::clone(&self.current).lock_owned().await;
        if let Some(open) = current.as_ref().filter(|open| open.is_usable()) {
            return Ok(Arc::clone(open));
        }
        *current = None;
        self.target.outage.check()?;
        let target = Arc::clone(&self.target);
        // Goes on when nobody waits any more: connecting may take longer than a command may, and is
        // not to begin again with each of them.
        let connecting = tokio::spawn(async move {
            let open = Open::connect(&target).await.map(Arc::new);
            *current = open.as_ref().ok().cloned();
            open
        });
        connecting.await.unwrap_or_else(|error| {
            let why = error.to_string();
            Err(self.target.outage.describe(&why))
        })
    }
}

impl Open {
    async fn connect(target: &Target) -> Result<Self, String> {
        match target.connect(|_| ()).await {
            Ok((connection, ended)) => {
                target.outage.over();
                Ok(Self {
                    connection,
                    ended,
                    given_up: AtomicBool::new(false),
                })
            }
            Err(why) => {
                let text = target.outage.describe(&why);
                target.outage.failed(why);
                Err(text)
            }
        }
    }

    fn is_usable(&self) -> bool {
        !self.given_up.load(Ordering::Relaxed) && !self.ended.is_past()
    }

    fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }
}

/// Whether the next command may fare better on the same connection. After a failover, an address can
/// lead to another server, while the old one only refuses to write.
fn is_about_the_command(error: &RedisError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Server(ServerErrorKind::ResponseError | ServerErrorKind::NoPerm)
            | ErrorKind::Extension
            | ErrorKind::UnexpectedReturnType
    )
}
