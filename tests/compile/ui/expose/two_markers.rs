use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    #[prompt]
    fn add(&self) -> String {
        String::new()
    }
}

fn main() {}
