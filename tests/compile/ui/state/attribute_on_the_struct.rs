use mcp_core::State;

#[derive(State)]
#[state(skip)]
struct App {
    host: String,
}

fn main() {}
