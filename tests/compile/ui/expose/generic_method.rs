#![allow(unused_variables, unused_mut)]

use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add<T: Into<u32>>(&self, number: T) {}
}

fn main() {}
