use mcp_core::tool;

/// Adds.
#[tool(scopes("\"sales\""))]
fn add() {}

fn main() {}
