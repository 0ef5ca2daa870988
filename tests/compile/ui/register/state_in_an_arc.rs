use mcp_core::{Server, State, server_info, tool, tools};

#[derive(State)]
struct App;

/// Adds.
#[tool]
fn add() {}

fn main() {
    let _ = Server::new(server_info!(), std::sync::Arc::new(App)).tools(tools![add]).build();
}
