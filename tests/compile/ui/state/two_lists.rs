use mcp_core::State;

#[derive(State)]
struct App {
    first: Vec<u8>,
    second: Vec<u8>,
}

fn main() {}
