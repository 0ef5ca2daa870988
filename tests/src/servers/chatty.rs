//! A stdio server whose tools misbehave, for the tests of the stdio host.

use mcp_core::{Context, HostError, Limits, Progress, Server, server_info, stdio, tool, tools};

/// Prints what would break the protocol.
#[tool]
fn prints() -> String {
    println!("this is not protocol");
    "printed".to_owned()
}

/// Reports that it runs, and never ends.
#[tool]
async fn hangs(cx: &Context) -> String {
    cx.progress(Progress::new(1));
    std::future::pending().await
}

/// Reports that it runs, and ends a moment later.
#[tool]
async fn lingers(cx: &Context) -> String {
    cx.progress(Progress::new(1));
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    "lingered".to_owned()
}

fn main() -> Result<(), HostError> {
    let mut limits = Limits::default();
    limits.line_bytes = 1000;
    let server = Server::new(server_info!(), ()).limits(limits);
    stdio::run(server.tools(tools![prints, hangs, lingers]).build()?)
}
