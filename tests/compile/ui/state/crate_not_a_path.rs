use mcp_core::State;

#[derive(State)]
#[state(crate = 5)]
struct App {
    host: String,
}

fn main() {}
