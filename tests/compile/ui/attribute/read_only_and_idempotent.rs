use mcp_core::tool;

/// Adds.
#[tool(read_only, idempotent)]
fn add() {}

fn main() {}
