use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    #[mcp_core::tool(read_only)]
    fn add(&self) {}
}

fn main() {}
