#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(text: *const u8) {}

fn main() {}
