use std::cell::Cell;

use mcp_core::State;

#[derive(State)]
struct App {
    count: Cell<u32>,
}

fn main() {}
