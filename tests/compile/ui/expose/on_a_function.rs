use mcp_core::expose;

/// Adds.
#[expose]
fn add() {}

fn main() {}
