#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(header = "Ratio")] ratio: f64) {}

fn main() {}
