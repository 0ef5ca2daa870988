#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(length = 60..=1)] text: &str) {}

fn main() {}
