#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(range = 1..=60)] text: &'static str) {}

fn main() {}
