use mcp_core::State;

#[derive(State)]
struct App {
    #[state(crate = mcp)]
    host: String,
}

fn main() {}
