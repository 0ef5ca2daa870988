use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> Amount {
    todo!()
}

fn main() {}
