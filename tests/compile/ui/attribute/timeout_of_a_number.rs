use mcp_core::tool;

/// Adds.
#[tool(timeout = 30)]
async fn add() {}

fn main() {}
