use mcp_core::State;

#[derive(State)]
struct App {
    #[state = "skip"]
    host: String,
}

fn main() {}
