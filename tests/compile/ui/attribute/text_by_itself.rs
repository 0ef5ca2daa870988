use mcp_core::tool;

#[tool("Adds.")]
fn add() {}

fn main() {}
