#![allow(unused_variables)]

use mcp_core::{Server, State, expose, server_info};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add(&self, number: u32, other: ) -> u32 {
        5
    }

    /// Subtracts.
    #[tool]
    fn subtract(&self, #[arg(range = 1..=5)] number: u32) -> u32 {
        number
    }
}

fn main() {
    let _ = Server::new(server_info!(), Desk).exposed().build();
}
