use mcp_core::tool;

/// Adds.
#[tool]
unsafe fn add() {}

fn main() {}
