use mcp_core::State;

#[derive(State)]
struct App<'a> {
    sales: &'a str,
}

fn main() {}
