use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// All of it.
    #[resource]
    fn all(&self) -> String {
        String::new()
    }
}

fn main() {}
