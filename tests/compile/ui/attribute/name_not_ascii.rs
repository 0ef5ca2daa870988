use mcp_core::tool;

/// Adds.
#[tool]
fn größe() {}

fn main() {}
