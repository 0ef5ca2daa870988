use mcp_core::tool;

/// Adds.
#[tool(crate = nowhere)]
fn add() {}

fn main() {}
