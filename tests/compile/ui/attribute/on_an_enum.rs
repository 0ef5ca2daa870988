use mcp_core::tool;

/// Adds.
#[tool]
enum Add {}

fn main() {}
