use mcp_core::State;

#[derive(State)]
struct App {
    host: Strin,
}

fn main() {}
