use mcp_core::State;

#[derive(State)]
struct App {
    host: std::rc::Rc<str>,
}

fn main() {}
