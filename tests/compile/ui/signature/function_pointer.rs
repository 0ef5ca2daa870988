#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(next: fn(u8) -> u8) {}

fn main() {}
