#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool(icons = "https://example.com/a.png")]
fn add() {}

fn main() {}
