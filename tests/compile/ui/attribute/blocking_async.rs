use mcp_core::tool;

/// Adds.
#[tool(blocking)]
async fn add() {}

fn main() {}
