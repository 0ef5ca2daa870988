#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(default, length = 1..)] items: Vec<u8>) {}

fn main() {}
