use mcp_core::tool;

struct Total {}

/// Adds.
#[tool]
#[allow(non_snake_case)]
fn Total() {}

fn main() {}
