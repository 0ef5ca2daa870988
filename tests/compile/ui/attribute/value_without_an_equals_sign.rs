use mcp_core::tool;

/// Adds.
#[tool(title "Add")]
fn add() {}

fn main() {}
