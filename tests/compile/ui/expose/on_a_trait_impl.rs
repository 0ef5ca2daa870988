use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

trait Add {
    fn add(&self);
}

#[expose]
impl Add for Desk {
    /// Adds.
    #[tool]
    fn add(&self) {}
}

fn main() {}
