use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add(&'static self) {}
}

fn main() {}
