use mcp_core::{Caller, State};

#[derive(State)]
struct App {
    caller: Caller,
}

fn main() {}
