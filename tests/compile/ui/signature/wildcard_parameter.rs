#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(_: u32) {}

fn main() {}
