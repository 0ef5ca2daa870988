use mcp_core::State;

#[derive(State)]
struct App<T> {
    sales: T,
}

fn main() {}
