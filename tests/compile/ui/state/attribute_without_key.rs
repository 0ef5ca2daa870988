use mcp_core::State;

#[derive(State)]
struct App {
    #[state]
    host: String,
}

fn main() {}
