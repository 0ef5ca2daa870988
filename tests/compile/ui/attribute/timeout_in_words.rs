use mcp_core::tool;

/// Adds.
#[tool(timeout = "a minute")]
async fn add() {}

fn main() {}
