use mcp_core::tool;

/// Adds.
#[tool(scopes(1, 2))]
fn add() {}

fn main() {}
