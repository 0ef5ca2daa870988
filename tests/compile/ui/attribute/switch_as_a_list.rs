use mcp_core::tool;

/// Adds.
#[tool(read_only(true))]
fn add() {}

fn main() {}
