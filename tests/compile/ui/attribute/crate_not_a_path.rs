use mcp_core::tool;

/// Adds.
#[tool(crate = 5)]
fn add() {}

fn main() {}
