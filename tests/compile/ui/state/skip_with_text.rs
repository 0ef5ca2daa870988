use mcp_core::State;

#[derive(State)]
struct App {
    #[state(skip = "yes")]
    host: String,
}

fn main() {}
