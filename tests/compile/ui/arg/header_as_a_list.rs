#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(header("Limit"))] limit: u32) {}

fn main() {}
