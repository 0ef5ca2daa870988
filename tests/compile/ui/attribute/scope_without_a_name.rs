use mcp_core::tool;

/// Adds.
#[tool(scopes(""))]
fn add() {}

fn main() {}
