use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    #[tool]
    fn add(&self) {}
}

fn main() {}
