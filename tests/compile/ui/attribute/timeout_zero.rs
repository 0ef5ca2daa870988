use mcp_core::tool;

/// Adds.
#[tool(timeout = "0s")]
async fn add() {}

fn main() {}
