#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> dyn std::fmt::Debug {
    5
}

fn main() {}
