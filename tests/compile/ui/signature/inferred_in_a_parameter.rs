#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(numbers: Vec<_>) {}

fn main() {}
