use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> u32 {
    "five"
}

fn main() {}
