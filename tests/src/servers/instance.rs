//! One of several instances of a server, for the tests that have them behind a load balancer.
//!
//! They share what the environment names: the keys in `MCP_SEAL_KEYS` and the Redis at `MCP_REDIS_URL`.
//! `INSTANCE_TIMES` holds four numbers of milliseconds: how long a stream is silent, how long a
//! connection is, how long a client may take nothing, and how long a body may take.

use std::time::Duration;

use mcp_core::audit::Audit;
use mcp_core::{
    Context, HostError, Limits, Notifier, Progress, Result, SealKeys, Server, resource, resources,
    server_info, tool, tools,
};
use mcp_fargate_adapter::{Host, Redis};
use mcp_tests::legacy_server::Person;
use tokio::time::sleep;

/// Something that changes when it is said to.
#[resource("thing://{name}")]
fn thing(name: &str) -> String {
    name.to_owned()
}

/// Takes a moment, and gives back what it was given.
#[tool(read_only)]
async fn echo(
    /// What to give back.
    text: String,
    /// For how long to take, in milliseconds.
    #[arg(default = 20)]
    millis: u64,
) -> String {
    sleep(Duration::from_millis(millis)).await;
    text
}

/// Which of the instances this is.
#[tool(read_only)]
fn instance() -> u32 {
    std::process::id()
}

/// Says that a resource changed.
#[tool]
fn change(
    /// Which one.
    uri: &str,
    notifier: &Notifier,
) {
    notifier.resource_updated(uri);
}

/// Asks who it is.
#[tool]
async fn ask(cx: &Context) -> Result<String> {
    let who = cx.elicit::<Person>("who", "Who is it?").await?;
    let name = who.accepted().map(|person| person.name);
    Ok(name.unwrap_or_else(|| "nobody".to_owned()))
}

/// Asks who it is, and takes each answer once.
#[tool(single_use)]
async fn ask_once(cx: &Context) -> Result<String> {
    let who = cx.elicit::<Person>("who", "Who is it?").await?;
    let name = who.accepted().map(|person| person.name);
    Ok(name.unwrap_or_else(|| "nobody".to_owned()))
}

/// Says much, a little at a time.
#[tool]
async fn floods(cx: &Context) -> String {
    for step in 1..=100_000_u32 {
        cx.progress(Progress::new(step).message("x".repeat(10_000)));
        tokio::task::yield_now().await;
    }
    "flooded".to_owned()
}

/// Gives much in one piece.
#[tool]
fn large() -> String {
    "x".repeat(16 * 1024 * 1024)
}

/// What the environment says about times.
fn times() -> Result<[Duration; 4], HostError> {
    let text = std::env::var("INSTANCE_TIMES").unwrap_or_default();
    let times: Vec<_> = text.split(',').map(str::parse).collect();
    match times.as_slice() {
        [Ok(silence), Ok(idle), Ok(stall), Ok(body)] => {
            Ok([silence, idle, stall, body].map(|millis| Duration::from_millis(*millis)))
        }
        _ => Err(HostError::new(format!(
            "`INSTANCE_TIMES` is `{text}`: set it to four numbers of milliseconds, such as \
             `15000,75000,30000,30000`"
        ))),
    }
}

#[tokio::main]
async fn main() -> Result<(), HostError> {
    let [silence, idle, stall, body] = times()?;
    let mut limits = Limits::default();
    limits.keep_alive = silence;
    limits.write_stall = stall;
    limits.body_time = body;
    limits.result_bytes = 32 * 1024 * 1024;
    let redis = Redis::from_env()?.prefix("instance");
    let server = Server::new(server_info!(), ())
        .limits(limits)
        // What the log says is looked at, and thousands of records would hide it.
        .audit(Audit::off())
        .seal_with(SealKeys::from_env()?)
        .event_bus(redis.bus())
        .single_use_store(redis.store())
        .tools(tools![echo, instance, change, ask, ask_once, floods, large])
        .resources(resources![thing])
        .build()?;
    // A load balancer notices a while later; on a loopback address that has to be said.
    Host::new(server)
        .idle(idle)
        .ending(Duration::from_secs(1), Duration::from_secs(20))
        .serve()
        .await
}
