use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> Result<u32, Box<dyn std::error::Error>> {
    Ok(5)
}

fn main() {}
