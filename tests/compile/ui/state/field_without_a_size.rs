use mcp_core::State;

#[derive(State)]
struct App {
    host: str,
}

fn main() {}
