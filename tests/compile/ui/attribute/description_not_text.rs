use mcp_core::tool;

/// Adds.
#[tool(description = 5)]
fn add() {}

fn main() {}
