#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[serde(default)] limit: u32) {}

fn main() {}
