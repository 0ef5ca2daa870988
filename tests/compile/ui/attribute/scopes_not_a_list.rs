use mcp_core::tool;

/// Adds.
#[tool(scopes = "sales:read")]
fn add() {}

fn main() {}
