use mcp_core::tool;

/// Adds.
#[tool]
extern "C" fn add() {}

fn main() {}
