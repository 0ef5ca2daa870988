use mcp_core::tool;

/// Adds.
#[tool(title = "Add" "two")]
fn add() {}

fn main() {}
