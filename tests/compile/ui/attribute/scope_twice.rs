use mcp_core::tool;

/// Adds.
#[tool(scopes("sales:read", "sales:read"))]
fn add() {}

fn main() {}
