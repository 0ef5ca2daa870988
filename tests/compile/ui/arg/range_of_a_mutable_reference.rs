#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(range = 1..=60)] limit: &mut u32) {}

fn main() {}
