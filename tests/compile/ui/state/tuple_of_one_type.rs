use mcp_core::State;

#[derive(State)]
struct App(String, String);

fn main() {}
