#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> [u8] {
    *b"five"
}

fn main() {}
