use mcp_core::tool;

/// Adds.
#[tool(name = NAME)]
fn add() {}

fn main() {}

const NAME: &str = "add";
