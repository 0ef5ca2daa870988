use mcp_core::tool;

/// Adds.
#[tool]
fn add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_add_x() {}

fn main() {}
