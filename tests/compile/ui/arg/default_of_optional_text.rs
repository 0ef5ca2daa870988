#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(default = "a")] text: Option<&str>) {}

fn main() {}
