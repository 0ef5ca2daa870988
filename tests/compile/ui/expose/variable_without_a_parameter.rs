use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// All of it.
    #[resource("desk://{drawer}")]
    fn all(&self) -> String {
        String::new()
    }
}

fn main() {}
