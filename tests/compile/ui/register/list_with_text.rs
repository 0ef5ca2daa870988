use mcp_core::{Server, server_info, tool, tools};

/// Adds.
#[tool]
fn add() {}

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools!["add"]).build();
}
