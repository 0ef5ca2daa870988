use mcp_core::State;

#[derive(State)]
union App {
    a: u32,
}

fn main() {}
