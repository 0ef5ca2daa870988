#![allow(unused_variables)]

use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Not either.
struct Other;

/// Adds.
#[tool]
fn add(first: Opaque, second: Other) {}

fn main() {}
