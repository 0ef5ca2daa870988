use mcp_core::tool;

/// Adds.
#[tool]
const ADD: u32 = 5;

fn main() {}
