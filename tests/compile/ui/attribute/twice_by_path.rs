/// Adds.
#[mcp_core::tool]
#[mcp_core::tool(read_only)]
fn add() {}

fn main() {}
