#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(default, range = 1..=60)] limit: u32) {}

fn main() {}
