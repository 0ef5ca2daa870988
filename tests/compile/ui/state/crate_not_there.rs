use mcp_core::State;

#[derive(State)]
#[state(crate = nowhere)]
struct App {
    host: String,
}

fn main() {}
