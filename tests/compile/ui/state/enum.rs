use mcp_core::State;

#[derive(State)]
enum App {
    Sales,
}

fn main() {}
