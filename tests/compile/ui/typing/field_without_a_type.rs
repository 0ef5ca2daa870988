use mcp_core::State;

#[derive(State)]
struct App {
    host: String,
    #[state(skip)]
    user: ,
}

fn main() {}
