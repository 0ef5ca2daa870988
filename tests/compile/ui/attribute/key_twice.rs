use mcp_core::tool;

/// Adds.
#[tool(name = "add", title = "Add", name = "sum")]
fn add() {}

fn main() {}
