use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add(self: std::sync::Arc<Self>) {}
}

fn main() {}
