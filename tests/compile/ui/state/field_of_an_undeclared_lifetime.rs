use mcp_core::State;

#[derive(State)]
struct App {
    host: &'a str,
}

fn main() {}
