#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool(single_use)]
fn add() {}

fn main() {}
