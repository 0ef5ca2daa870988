#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(range = 0.0..=1.0)] limit: u32) {}

fn main() {}
