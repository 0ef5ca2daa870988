#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add( größe: u32) {}

fn main() {}
