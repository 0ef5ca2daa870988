#![allow(unused_variables)]

use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
async fn add(item: Opaque) {}

fn main() {}
