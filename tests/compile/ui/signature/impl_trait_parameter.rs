#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(items: impl Iterator<Item = u32>) {}

fn main() {}
