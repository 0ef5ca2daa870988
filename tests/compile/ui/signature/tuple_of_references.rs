#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(pair: (&u8, &u8)) {}

fn main() {}
