use mcp_core::{State, Server, server_info, tool, tools};

#[derive(State)]
struct App(u32);

/// Adds.
#[tool]
fn add(number: &u64) -> u64 {
    *number
}

fn main() {
    let _ = Server::new(server_info!(), App(5)).tools(tools![add]).build();
}
