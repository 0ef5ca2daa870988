use mcp_core::{Server, State, expose, server_info, tools};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add(&self) {}
}

fn main() {
    let _ = Server::new(server_info!(), Desk).tools(tools![Desk::add]).build();
}
