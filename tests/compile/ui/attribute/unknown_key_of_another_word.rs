use mcp_core::tool;

#[tool(desc = "Adds.")]
fn add() {}

fn main() {}
