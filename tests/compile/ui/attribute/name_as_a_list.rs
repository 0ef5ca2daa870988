use mcp_core::tool;

/// Adds.
#[tool(name("sales.add"))]
fn add() {}

fn main() {}
