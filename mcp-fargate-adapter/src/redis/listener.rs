//! Listening, whether Redis is there or not.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use mcp_core::{Events, Heard};
use redis::aio::MultiplexedConnection;
use redis::{PushInfo, PushKind, RedisResult, Value};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::{sleep, sleep_until, timeout};

use super::inbox::Inbox;
use super::link::Link;

/// How a listener makes sure that Redis is still there: a peer that is gone without having said so
/// sends nothing, as does one that has nothing to say.
struct Pulse {
    ask_every: Duration,
    /// How long an answer may take.
    patience: Duration,
}

const PULSE: Pulse = Pulse {
    ask_every: Duration::from_secs(15),
    patience: Duration::from_secs(5),
};

/// A listener. Its connection is of its own, and ends with it.
pub(super) struct Listener {
    inbox: Arc<Inbox>,
    /// What listens, until there is a runtime to run it.
    idle: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    running: Option<AbortHandle>,
}

impl Listener {
    pub(super) fn new(link: Arc<Link>, channel: Arc<str>) -> Self {
        let inbox = Arc::new(Inbox::default());
        let listens = listen(link, channel, Arc::clone(&inbox));
        let mut listener = Self {
            inbox,
            idle: Some(Box::pin(listens)),
            running: None,
        };
        listener.start();
        listener
    }

    fn start(&mut self) {
        if self.idle.is_some()
            && let Ok(runtime) = Handle::try_current()
        {
            let running = self.idle.take().map(|idle| runtime.spawn(idle));
            self.running = running.map(|task| task.abort_handle());
        }
    }
}

impl Events for Listener {
    fn next<'e>(&'e mut self) -> Pin<Box<dyn Future<Output = Heard> + Send + 'e>> {
        Box::pin(async move {
            self.start();
            self.inbox.next().await
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.abort();
        }
    }
}

/// Listens for ever, over one connection after the other.
async fn listen(link: Arc<Link>, channel: Arc<str>, inbox: Arc<Inbox>) {
    loop {
        let why = connect_and_listen(&link, &channel, &inbox).await;
        inbox.deaf();
        sleep_until(link.target.outage.failed(why)).await;
    }
}

/// Listens over one connection. Returns why it is over.
async fn connect_and_listen(link: &Link, channel: &str, inbox: &Arc<Inbox>) -> String {
    let into = Arc::clone(inbox);
    let connected = link.target.connect(move |push| hear(&into, push)).await;
    let (mut connection, mut ended) = match connected {
        Ok(connected) => connected,
        Err(why) => return why,
    };
    let why = tokio::select! {
        () = ended.wait() => "the connection has ended".to_owned(),
        why = stay(link, channel, &mut connection, &PULSE) => why,
    };
    drop(connection);
    // So that nothing of this connection comes after something of the next.
    ended.wait().await;
    why
}

/// Subscribes and stays. Returns why that is over.
async fn stay(
    link: &Link,
    channel: &str,
    connection: &mut MultiplexedConnection,
    pulse: &Pulse,
) -> String {
    let patience = pulse.patience;
    if let Some(why) = failure(link, patience, connection.subscribe(channel)).await {
        return why;
    }
    link.target.outage.over();
    let ask = redis::cmd("PING");
    loop {
        sleep(pulse.ask_every).await;
        if let Some(why) = failure(link, patience, ask.exec_async(connection)).await {
            return why;
        }
    }
}

/// Why there is no good answer, if there is none.
async fn failure(
    link: &Link,
    patience: Duration,
    answer: impl Future<Output = RedisResult<()>>,
) -> Option<String> {
    match timeout(patience, answer).await {
        Ok(answer) => answer.err().map(|error| link.target.text(&error)),
        Err(_) => Some(format!("no answer in {patience:?}")),
    }
}

/// Takes what comes from Redis.
fn hear(inbox: &Inbox, mut push: PushInfo) {
    match push.kind {
        PushKind::Subscribe => inbox.listening(),
        // The channel, and what was published there.
        PushKind::Message => {
            if let Some(Value::BulkString(event)) = push.data.pop() {
                inbox.event(event);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::redis::{target::Target, url};

    /// Reads up to this text, which a client sends.
    async fn read_up_to(client: &mut TcpStream, text: &str) {
        let mut sent = Vec::new();
        while !String::from_utf8_lossy(&sent).contains(text) {
            assert_ne!(client.read_buf(&mut sent).await.unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn a_listener_leaves_a_peer_that_answers_no_more() {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = format!("redis://{}", server.local_addr().unwrap());
        let link = Link::new(Target::new(url::read(&target).unwrap()).unwrap());
        let answers = async {
            let (mut client, _) = server.accept().await.unwrap();
            read_up_to(&mut client, "LIB-VER").await;
            client.write_all(b"%0\r\n+OK\r\n+OK\r\n").await.unwrap();
            read_up_to(&mut client, "SUBSCRIBE").await;
            let subscribed = b">3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n";
            client.write_all(subscribed).await.unwrap();
            read_up_to(&mut client, "PING").await;
            client
        };
        let listens = async {
            let (mut connection, _) = link.target.connect(|_| ()).await.unwrap();
            let pulse = Pulse {
                ask_every: Duration::from_millis(10),
                patience: Duration::from_secs(1),
            };
            stay(&link, "c", &mut connection, &pulse).await
        };
        let (_client, why) = tokio::join!(answers, listens);
        assert_eq!(why, "no answer in 1s");
    }
}
