#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(number: u32) -> &str {
    "five"
}

fn main() {}
