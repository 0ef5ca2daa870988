use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add(&self) {}
}

#[expose]
impl Desk {
    /// Subtracts.
    #[tool]
    fn subtract(&self) {}
}

fn main() {}
