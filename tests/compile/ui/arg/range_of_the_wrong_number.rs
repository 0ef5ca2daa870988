#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(range = ..=60)] limit: f64) {}

fn main() {}
