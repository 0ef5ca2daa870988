#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add<T>(items: Vec<T>) {}

fn main() {}
