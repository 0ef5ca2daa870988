use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
async fn add() -> Result<u32, Opaque> {
    Ok(5)
}

fn main() {}
