#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(header = "")] region: &str) {}

fn main() {}
