use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
fn add() -> Result<u32, Opaque> {
    Ok(5)
}

fn main() {}
