#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(defualt = 5)] a: u32) {}

fn main() {}
