#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg = "limit"] limit: u32) {}

fn main() {}
