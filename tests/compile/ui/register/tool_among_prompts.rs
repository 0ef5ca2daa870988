use mcp_core::{Server, prompts, server_info, tool};

/// Adds.
#[tool]
fn add() {}

fn main() {
    let _ = Server::new(server_info!(), ()).prompts(prompts![add]).build();
}
