#![allow(unused_variables, unused_mut)]

use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add(mut self) {}
}

fn main() {}
