#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(text: &&str) {}

fn main() {}
