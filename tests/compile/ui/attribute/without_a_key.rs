use mcp_core::tool;

/// Adds.
#[tool(= "Add")]
fn add() {}

fn main() {}
