//! A Redis for one test.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use mcp_fargate_adapter::Redis;
use redis::aio::MultiplexedConnection;
use redis::{Client, Cmd, FromRedisValue};

use crate::{in_time, log};

const PROGRAM: &str = "redis-server";

/// How often a condition is looked at.
const PAUSE: Duration = Duration::from_millis(10);

/// A Redis that keeps nothing on a disk. It ends with this.
pub(crate) struct Server {
    port: u16,
    /// Of the user `default`.
    password: Option<&'static str>,
    arguments: Vec<String>,
    child: Option<Child>,
}

impl Server {
    /// A running server without a password, or `None` if there is no Redis to run.
    pub(crate) async fn start() -> Option<Self> {
        let mut server = Self::stopped()?;
        server.run().await;
        Some(server)
    }

    /// The same, for `run` to start.
    pub(crate) fn stopped() -> Option<Self> {
        log::keep();
        installed(PROGRAM).then(|| Self {
            port: free_port(),
            password: None,
            arguments: Vec::new(),
            child: None,
        })
    }

    pub(crate) fn password(mut self, password: &'static str) -> Self {
        self.password = Some(password);
        self.arguments(&["--requirepass", password])
    }

    pub(crate) fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments
            .extend(arguments.iter().map(ToString::to_string));
        self
    }

    /// Runs until it answers, again after `kill` and on the same port.
    pub(crate) async fn run(&mut self) {
        in_time(async {
            while !self.answers().await {
                let child = self.child.as_mut();
                if child.is_none_or(|child| child.try_wait().unwrap().is_some()) {
                    self.child = Some(self.spawn());
                }
                tokio::time::sleep(PAUSE).await;
            }
        })
        .await;
    }

    fn spawn(&self) -> Child {
        let port = self.port.to_string();
        Command::new(PROGRAM)
            .args(["--port", &port, "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Whether it is this one that answers, and not another that has taken the port.
    async fn answers(&self) -> bool {
        let Some(child) = &self.child else {
            return false;
        };
        let Ok(mut connection) = self.connect().await else {
            return false;
        };
        let info = redis::cmd("INFO").arg("server").to_owned();
        let info: Result<String, _> = info.query_async(&mut connection).await;
        info.is_ok_and(|info| info.contains(&format!("process_id:{}\r\n", child.id())))
    }

    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Sends a signal, such as `STOP`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn url(&self, user_and_password: &str) -> String {
        format!("redis://{user_and_password}@{}", self.address())
    }

    /// What is tested: a way to this Redis that shares no connection with another.
    pub(crate) fn redis(&self) -> Redis {
        let password = self.password.unwrap_or_default();
        Redis::new(&self.url(&format!(":{password}")))
            .unwrap()
            .prefix("sales")
    }

    async fn connect(&self) -> redis::RedisResult<MultiplexedConnection> {
        let password = self.password.unwrap_or_default();
        let client = Client::open(self.url(&format!(":{password}")))?;
        client.get_multiplexed_async_connection().await
    }

    /// Carries out a command as the user `default`.
    pub(crate) async fn ask<T: FromRedisValue>(&self, command: &str) -> T {
        let mut words = command.split(' ');
        let mut command = Cmd::new();
        words.by_ref().for_each(|word| {
            command.arg(word);
        });
        let mut connection = self.connect().await.unwrap();
        command.query_async(&mut connection).await.unwrap()
    }

    /// Waits until so many listen to a channel.
    pub(crate) async fn listeners(&self, channel: &str, expected: usize) {
        let command = format!("PUBSUB NUMSUB {channel}");
        in_time(async {
            while self.ask::<(String, usize)>(&command).await.1 != expected {
                tokio::time::sleep(PAUSE).await;
            }
        })
        .await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Whether there is a program. Without it, it is said aloud that tests do not run.
pub(crate) fn installed(program: &'static str) -> bool {
    static MISSED: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found && MISSED.lock().unwrap().insert(program) {
        // Written past the test runner, which shows nothing of tests that pass.
        let text = format!("\nNOT RUN: {program} is not installed\n\n");
        let _ = io::stderr().write_all(text.as_bytes());
    }
    found
}

/// A port on which nobody listens, below those that the system gives to outgoing connections: one of
/// them could otherwise have it while a Redis is away, even the one that looks for it.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 97).unwrap() * 100;
    loop {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 20_000 + (first + next) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
