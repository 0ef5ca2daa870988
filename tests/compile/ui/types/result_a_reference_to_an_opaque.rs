#![allow(unused_variables)]

use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
fn add() -> &'static Opaque {
    &Opaque
}

fn main() {}
