#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(text: &'static str) {}

fn main() {}
