use mcp_core::tool;

/// Adds.
#[tool(timeout = "-5s")]
async fn add() {}

fn main() {}
