#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(length(max = 60))] text: String) {}

fn main() {}
