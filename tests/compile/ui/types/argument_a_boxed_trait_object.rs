#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(item: Box<dyn std::fmt::Debug>) {}

fn main() {}
