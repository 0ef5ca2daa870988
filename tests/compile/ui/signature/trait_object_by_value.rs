#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(source: dyn std::fmt::Debug) {}

fn main() {}
