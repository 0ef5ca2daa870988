use mcp_core::State;

trait Sales {}

#[derive(State)]
struct App {
    sales: Box<dyn Sales>,
}

fn main() {}
