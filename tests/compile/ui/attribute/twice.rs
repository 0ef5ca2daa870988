use mcp_core::tool;

/// Adds.
#[tool]
#[tool(read_only)]
fn add() {}

fn main() {}
