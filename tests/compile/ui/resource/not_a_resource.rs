use mcp_core::{Server, resources, server_info, tool};

/// Adds.
#[tool]
fn add() {}

fn main() {
    let _ = Server::new(server_info!(), ())
        .resources(resources![add])
        .build();
}
