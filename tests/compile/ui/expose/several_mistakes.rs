use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool(read_onyl)]
    fn add(&self) {}

    #[prompt]
    fn letter(&self) -> String {
        String::new()
    }
}

fn main() {}
