#![allow(unused_variables)]

use mcp_core::{Server, server_info, tool, tools};

/// Adds.
#[tool]
fn add(a: u32 b: u32) -> u32 {
    5
}

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![add]).build();
}
