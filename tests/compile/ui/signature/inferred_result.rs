#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> _ {
    5
}

fn main() {}
