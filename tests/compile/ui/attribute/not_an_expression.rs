use mcp_core::tool;

/// Adds.
#[tool(title = )]
fn add() {}

fn main() {}
