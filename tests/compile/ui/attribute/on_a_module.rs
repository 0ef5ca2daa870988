use mcp_core::tool;

/// Sales.
#[tool]
mod sales {}

fn main() {}
