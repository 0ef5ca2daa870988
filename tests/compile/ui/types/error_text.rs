use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> Result<u32, String> {
    Ok(5)
}

fn main() {}
