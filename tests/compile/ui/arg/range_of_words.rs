#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(range = "a"..)] limit: u32) {}

fn main() {}
