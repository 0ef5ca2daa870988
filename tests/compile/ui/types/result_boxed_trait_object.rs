#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> Box<dyn std::fmt::Debug> {
    Box::new(5)
}

fn main() {}
