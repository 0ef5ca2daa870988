#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
unsafe extern "C" fn add(numbers: ...) {}

fn main() {}
