use mcp_core::State;

#[derive(State)]
struct App {
    host: String,
    user: String,
}

fn main() {}
