use mcp_core::{Server, server_info, tools};

/// Adds.
#[cfg(any())]
#[mcp_core::tool]
fn add() {}

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![add]).build();
}
