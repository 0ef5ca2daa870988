#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> Result<(), u32> {
    Err(5)
}

fn main() {}
