use mcp_core::tool;

/// Adds.
#[tool(readOnlyHint)]
fn add() {}

fn main() {}
