use mcp_core::tool;

/// Adds.
#[tool]
fn add();

fn main() {}
