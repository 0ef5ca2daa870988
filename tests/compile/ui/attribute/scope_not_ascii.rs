use mcp_core::tool;

/// Adds.
#[tool(scopes("größe"))]
fn add() {}

fn main() {}
