use mcp_core::tool;

/// Adds.
#[tool(description = "")]
fn add() {}

fn main() {}
