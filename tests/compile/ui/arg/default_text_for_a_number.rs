#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(default = "12")] limit: u32) {}

fn main() {}
