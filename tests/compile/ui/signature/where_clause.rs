use mcp_core::tool;

/// Adds.
#[tool]
fn add()
where
    String: Clone,
{
}

fn main() {}
