#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(range = 0..=1)] part: f64) {}

fn main() {}
