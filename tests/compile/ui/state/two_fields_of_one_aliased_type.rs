use mcp_core::State;

type Host = String;

#[derive(State)]
struct App {
    host: Host,
    user: String,
}

fn main() {}
