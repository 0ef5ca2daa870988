#![allow(unused_variables)]

use mcp_core::{Server, server_info, resource, resources};

/// Adds.
#[resource("sales://{id}")]
fn add(id: ) -> String {
    String::new()
}

fn main() {
    let _ = Server::new(server_info!(), ()).resources(resources![add]).build();
}
