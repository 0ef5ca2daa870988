#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(header = "My Region")] region: &str) {}

fn main() {}
