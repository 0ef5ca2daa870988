use mcp_core::tool;

/// Adds.
#[tool(crate = "not a path")]
fn add() {}

fn main() {}
