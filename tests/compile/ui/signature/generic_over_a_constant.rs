use mcp_core::tool;

/// Adds.
#[tool]
fn add<const N: usize>() {}

fn main() {}
