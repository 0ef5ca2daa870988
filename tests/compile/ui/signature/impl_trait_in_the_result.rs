use mcp_core::{Result, tool};

/// Adds.
#[tool]
fn add() -> Result<impl serde::Serialize> {
    Ok(5)
}

fn main() {}
