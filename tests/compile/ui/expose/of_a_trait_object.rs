#![allow(unused_variables)]

use mcp_core::{expose};

trait Desk {}

#[expose]
impl dyn Desk {
    /// Adds.
    #[tool]
    fn add(&self) {}
}

fn main() {}
