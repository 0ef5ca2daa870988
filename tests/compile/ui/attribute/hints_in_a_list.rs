use mcp_core::tool;

/// Adds.
#[tool(annotations(read_only_hint = true))]
fn add() {}

fn main() {}
