use mcp_core::tool;

/// Adds.
#[tool(budget = "5000")]
fn add() {}

fn main() {}
