//! A Lambda function whose tools misbehave, for the tests of the Lambda host.

use std::future::{Ready, ready};
use std::sync::Mutex;
use std::time::Duration;

use mcp_core::{Caller, HostError, Limits, Server, server_info, tool, tools};
use mcp_lambda_adapter::Lambda;

/// Panics.
#[tool]
fn panics() -> String {
    panic!("as asked")
}

/// Takes its time.
#[tool]
async fn sleeps(
    /// For so long.
    seconds: u64,
) -> String {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    "slept".to_owned()
}

/// Says much.
#[tool]
fn large(
    /// So many bytes, each of which takes two inside a JSON string.
    bytes: usize,
) -> String {
    "\"".repeat(bytes)
}

/// Says what it hears, and on whose behalf.
#[tool]
async fn echo(
    /// What to say.
    text: String,
    caller: Option<&Caller>,
) -> String {
    // Lets other calls in between.
    tokio::task::yield_now().await;
    format!("{text} for {}", caller.map_or("nobody", Caller::subject))
}

/// What was done around a snapshot.
static HOOKS: Mutex<Vec<&str>> = Mutex::new(Vec::new());

/// Says what was done around a snapshot.
#[tool]
fn hooks() -> String {
    HOOKS.lock().unwrap().join(", ")
}

/// Is there after the next deployment.
#[tool]
fn news() {}

fn hook(name: &'static str) -> Ready<Result<(), HostError>> {
    HOOKS.lock().unwrap().push(name);
    ready(Ok(()))
}

#[tokio::main]
async fn main() -> Result<(), HostError> {
    let mut limits = Limits::default();
    // More than Lambda carries, so that it is the host that says no.
    limits.result_bytes = 64 * 1024 * 1024;
    limits.result_tokens = u32::MAX;
    let server = Server::new(server_info!(), ())
        .anonymous()
        .limits(limits)
        .tools(tools![panics, sleeps, large, echo, hooks]);
    // Stands for a new version of the program.
    let server = if std::env::var_os("WITH_NEWS").is_some() {
        server.tools(tools![news])
    } else {
        server
    };
    Lambda::new(server.build()?)
        .before_snapshot(|| hook("first before"))
        .before_snapshot(|| hook("second before"))
        .after_restore(|| hook("first after"))
        .after_restore(|| hook("second after"))
        .run()
        .await
}
