#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(item: Option<Option<u32>>) {}

fn main() {}
