#![allow(unused_variables)]

use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool(name = "sum")]
    fn add(&self) {}

    /// Sums.
    #[tool]
    fn sum(&self) {}
}

fn main() {}
