use mcp_core::tool;

/// Adds.
#[tool]
fn add() {}

/// Adds too.
#[tool]
fn add() {}

fn main() {}
