use mcp_core::tool;

/// Adds.
#[tool(timeout = "30s")]
fn add() {}

fn main() {}
