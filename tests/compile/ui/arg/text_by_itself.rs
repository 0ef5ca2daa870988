#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg("How many.")] limit: u32) {}

fn main() {}
