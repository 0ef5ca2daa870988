//! A resource that changes, and who wants to hear of it, with this SDK on one thread; the first argument
//! is the number of subscriptions.

#[path = "shared/listen.rs"]
mod listen;

use mcp_core::audit::Audit;
use mcp_core::{
    HostError, Limits, Notifier, Server, resource, resources, server_info, tool, tools,
};
use mcp_fargate_adapter::Host;

/// What changes.
#[resource("thing://one")]
fn thing() -> &'static str {
    "one"
}

/// Says that it changed.
#[tool]
fn change(notifier: &Notifier) {
    notifier.resource_updated("thing://one");
}

fn main() -> Result<(), HostError> {
    let wanted = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let mut limits = Limits::default();
    limits.subscriptions = wanted.ok_or_else(|| HostError::new("how many subscriptions?"))?;
    limits.subscriptions_per_caller = limits.subscriptions;
    // A few more connections are for calls of `change`.
    let connections = usize::try_from(limits.subscriptions).map_or(usize::MAX, |count| count + 8);
    let server = Server::new(server_info!(), ())
        .limits(limits)
        // Nobody reads them, and they are not what is measured.
        .audit(Audit::off())
        .tools(tools![change])
        .resources(resources![thing])
        .build()?;
    let host = Host::new(server).connections(connections);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async { host.serve_on(listen::listen().await?).await })
}
