#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(max_length = 60)] text: String) {}

fn main() {}
