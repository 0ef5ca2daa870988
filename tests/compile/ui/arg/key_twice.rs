#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(default = 5, default = 6)] a: u32) {}

fn main() {}
