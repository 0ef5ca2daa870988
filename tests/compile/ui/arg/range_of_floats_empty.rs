#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(range = 1.0..=0.5)] part: f64) {}

fn main() {}
