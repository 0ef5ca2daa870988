#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(items: Vec<impl Into<u32>>) {}

fn main() {}
