use mcp_core::tool;

/// Adds.
#[tool(name = "add numbers")]
fn add() {}

fn main() {}
