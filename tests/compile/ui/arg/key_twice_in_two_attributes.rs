#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(name = "a")] #[arg(name = "b")] limit: u32) {}

fn main() {}
