use mcp_core::{Result, tool};

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
async fn add() -> Result<Opaque> {
    Ok(Opaque)
}

fn main() {}
