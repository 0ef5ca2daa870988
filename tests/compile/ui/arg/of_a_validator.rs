#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[validate(range(min = 1, max = 60))] limit: u32) {}

fn main() {}
