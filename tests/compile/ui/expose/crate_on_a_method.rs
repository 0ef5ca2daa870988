use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool(crate = mcp_core)]
    fn add(&self) {}
}

fn main() {}
