#![allow(unused_variables)]

use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    #[arg(range = 1..=5)]
    fn add(&self, number: u32) {}
}

fn main() {}
