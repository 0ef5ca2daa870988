use mcp_core::tool;

/// Adds.
#[tool(banana)]
fn add() {}

fn main() {}
