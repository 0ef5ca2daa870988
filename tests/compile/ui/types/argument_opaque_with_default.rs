#![allow(unused_variables)]

use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
fn add(#[arg(default = Opaque)] item: Opaque) {}

fn main() {}
