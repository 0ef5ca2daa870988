#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(item: &String) {}

fn main() {}
