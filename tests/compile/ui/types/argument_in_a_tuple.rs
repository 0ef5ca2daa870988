#![allow(unused_variables)]

use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
fn add(pair: (u8, Opaque)) {}

fn main() {}
