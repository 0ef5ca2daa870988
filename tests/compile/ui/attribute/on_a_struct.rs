use mcp_core::tool;

/// Adds.
#[tool]
pub struct Sales;

fn main() {}
