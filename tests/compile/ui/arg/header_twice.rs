#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(header = "Region")] a: &str, #[arg(header = "region")] b: &str) {}

fn main() {}
