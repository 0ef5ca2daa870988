use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
trait Add {
    /// Adds.
    #[tool]
    fn add(&self);
}

fn main() {}
