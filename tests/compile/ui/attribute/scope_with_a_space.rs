use mcp_core::tool;

/// Adds.
#[tool(scopes("sales:read sales:write"))]
fn add() {}

fn main() {}
