use mcp_core::{Server, server_info, tool, tools};

/// Adds.
#[tool(readonly)]
fn add(a: u32) -> u32 {
    a
}

fn twice(a: u32) -> u32 {
    add(a) + add(a)
}

fn main() {
    let _ = twice(5);
    let _ = Server::new(server_info!(), ()).tools(tools![add]).build();
}
