#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(text: Option<&'static str>) {}

fn main() {}
