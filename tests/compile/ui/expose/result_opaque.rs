use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

struct Sum;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add(&self) -> Sum {
        Sum
    }
}

fn main() {}
