use mcp_core::tool;

/// Adds.
#[tool(title = 5)]
fn add() {}

fn main() {}
