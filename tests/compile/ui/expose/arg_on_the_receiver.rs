#![allow(unused_variables)]

use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add(#[arg(range = 1..=5)] &self) {}
}

fn main() {}
