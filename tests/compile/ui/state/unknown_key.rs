use mcp_core::State;

#[derive(State)]
struct App {
    #[state(skp)]
    host: String,
}

fn main() {}
