#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(default, length = 1..=60)] text: &str) {}

fn main() {}
