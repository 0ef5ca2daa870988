use mcp_core::tool;

/// Adds.
#[tool(input_schema = "{}")]
fn add() {}

fn main() {}
