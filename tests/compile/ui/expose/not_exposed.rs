use mcp_core::{Server, State, server_info};

#[derive(State)]
struct Desk;

fn main() {
    let _ = Server::new(server_info!(), Desk).exposed().build();
}
