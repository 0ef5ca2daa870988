use mcp_core::tool;

/// Adds.
#[tool(readonly)]
fn add() {}

fn main() {}
