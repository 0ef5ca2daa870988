#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(default = 61, range = ..=60)] limit: i32) {}

fn main() {}
