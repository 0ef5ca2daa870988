//! Connections to Redis, and what can be said of them without giving a password away.

use std::time::Duration;

use redis::aio::{MultiplexedConnection, SendError};
use redis::{AsyncConnectionConfig, Client, ConnectionInfo, PushInfo, RedisError};
use tokio::sync::watch;

use super::outage::Outage;

/// How long it may take until a connection can be used. Name service and TLS take their time on a busy
/// machine, and what is given up too early is given up every time.
const PATIENCE: Duration = Duration::from_secs(5);

/// The Redis that a URL names.
pub(super) struct Target {
    client: Client,
    password: Option<String>,
    pub(super) outage: Outage,
}

/// Tells when a connection is no more, however it came to its end.
pub(super) struct Ended(watch::Receiver<()>);

impl Ended {
    pub(super) fn is_past(&self) -> bool {
        self.0.has_changed().is_err()
    }

    /// Waits for it. Afterwards nothing is heard from the connection.
    pub(super) async fn wait(&mut self) {
        while self.0.changed().await.is_ok() {}
    }
}

impl Target {
    pub(super) fn new(info: ConnectionInfo) -> Result<Self, RedisError> {
        #[cfg(feature = "redis-tls")]
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Without one, a process that has several to choose from would panic at the first
            // connection. An error says that somebody else has just chosen.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        }
        Ok(Self {
            password: info.redis_settings().password().map(str::to_owned),
            outage: Outage::new(info.addr().to_string()),
            client: Client::open(info)?,
        })
    }

    /// A new connection, which hands on what it hears without being asked.
    pub(super) async fn connect(
        &self,
        hear: impl Fn(PushInfo) + Send + Sync + 'static,
    ) -> Result<(MultiplexedConnection, Ended), String> {
        let (alive, ended) = watch::channel(());
        let hear = move |push| {
            // Owned by the task that reads from the connection, so it is dropped with it.
            let _ = &alive;
            hear(push);
            Ok::<(), SendError>(())
        };
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(None)
            .set_push_sender(hear);
        let connected = self
            .client
            .get_multiplexed_async_connection_with_config(&config);
        match connected.await {
            Ok(connection) => Ok((connection, Ended(ended))),
            Err(error) if error.is_timeout() => Err(format!("no connection in {PATIENCE:?}")),
            Err(error) => Err(self.text(&error)),
        }
    }

    /// The text of an error. A server that does not know a command repeats it, with the password that
    /// was part of it.
    pub(super) fn text(&self, error: &RedisError) -> String {
        let text = error.to_string();
        match self.password.as_deref() {
            Some(password) if !password.is_empty() => text.replace(password, "[password]"),
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::redis::url;

    #[tokio::test]
    async fn a_server_that_repeats_the_password_does_not_make_us_say_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://:hun%20ter2@{}", listener.local_addr().unwrap());
        let old = tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.unwrap();
            let _ = client.read(&mut [0; 1024]).await.unwrap();
            let error = b"-ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' \
                          'default' 'hun ter2' \r\n";
            for _ in 0..3 {
                client.write_all(error).await.unwrap();
            }
            client
        });
        let target = Target::new(url::read(&url).unwrap()).unwrap();
        let error = target.connect(|_| ()).await.err().unwrap();
        assert!(error.contains("'default' '[password]'"), "{error}");
        drop(old.await);
    }
}
