#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add<'a, T>(text: &'a str, item: T) {}

fn main() {}
