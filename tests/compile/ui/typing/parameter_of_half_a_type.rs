#![allow(unused_variables)]

use mcp_core::{Server, server_info, tool, tools};

/// Adds.
#[tool]
fn add(numbers: Vec<u32) -> u32 {
    5
}

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![add]).build();
}
