#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool(mime = "text/plain")]
fn add() {}

fn main() {}
