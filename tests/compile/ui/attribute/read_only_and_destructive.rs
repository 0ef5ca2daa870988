use mcp_core::tool;

/// Adds.
#[tool(read_only, destructive)]
fn add() {}

fn main() {}
