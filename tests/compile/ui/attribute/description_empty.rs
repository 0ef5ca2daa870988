use mcp_core::tool;

///
#[tool]
fn add() {}

fn main() {}
