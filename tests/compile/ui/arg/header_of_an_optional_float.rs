#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(header = "Ratio")] ratio: Option<f32>) {}

fn main() {}
