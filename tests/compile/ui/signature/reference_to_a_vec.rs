#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(items: &Vec<String>) {}

fn main() {}
