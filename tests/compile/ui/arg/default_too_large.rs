#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(default = 300)] limit: u8) {}

fn main() {}
