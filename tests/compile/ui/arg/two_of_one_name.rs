#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(a: u32, #[arg(name = "a")] b: u32) {}

fn main() {}
