#![allow(unused_variables)]

use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose(prefix = "desk")]
impl Desk {
    /// Adds.
    #[tool]
    fn add(&self) {}
}

fn main() {}
