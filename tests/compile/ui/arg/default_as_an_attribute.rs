#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[default(5)] limit: u32) {}

fn main() {}
