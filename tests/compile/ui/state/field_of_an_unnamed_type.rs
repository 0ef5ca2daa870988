use mcp_core::State;

#[derive(State)]
struct App {
    host: impl Into<String>,
}

fn main() {}
