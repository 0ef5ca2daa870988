use mcp_core::{State, expose, tool};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// A number.
    #[tool]
    const LIMIT: u8 = 3;
}

fn main() {}
