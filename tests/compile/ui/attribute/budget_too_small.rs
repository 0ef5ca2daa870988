use mcp_core::tool;

/// Adds.
#[tool(budget = 99)]
fn add() {}

fn main() {}
