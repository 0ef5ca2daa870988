#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(name = "how many")] limit: u32) {}

fn main() {}
