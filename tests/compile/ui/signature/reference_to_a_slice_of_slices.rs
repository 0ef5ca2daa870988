#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(items: &[&[u8]]) {}

fn main() {}
