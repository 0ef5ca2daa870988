#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> ! {
    loop {}
}

fn main() {}
