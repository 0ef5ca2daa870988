use mcp_core::tool;

/// Adds.
#[tool(name)]
fn add() {}

fn main() {}
