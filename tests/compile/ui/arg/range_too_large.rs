#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(range = 1..=300)] limit: u8) {}

fn main() {}
