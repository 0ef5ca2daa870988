#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(required = true)] limit: u32) {}

fn main() {}
