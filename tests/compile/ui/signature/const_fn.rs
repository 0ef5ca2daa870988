use mcp_core::tool;

/// Adds.
#[tool]
const fn add() {}

fn main() {}
