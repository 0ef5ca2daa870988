#![allow(unused_variables)]

use mcp_core::{Server, server_info, tool, tools};

/// Adds.
#[tool]
fn add(number: u32) -> u32 {
    number.
}

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![add]).build();
}
