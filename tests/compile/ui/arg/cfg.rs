#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[cfg(unix)] a: u32) {}

fn main() {}
