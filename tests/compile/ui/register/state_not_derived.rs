use mcp_core::{Server, server_info, tool, tools};

struct App;

/// Adds.
#[tool]
fn add() {}

fn main() {
    let _ = Server::new(server_info!(), App).tools(tools![add]).build();
}
