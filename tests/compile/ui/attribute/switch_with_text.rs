use mcp_core::tool;

/// Adds.
#[tool(read_only = "yes")]
fn add() {}

fn main() {}
