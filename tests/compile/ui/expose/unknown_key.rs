use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose(tools)]
impl Desk {}

fn main() {}
