use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
fn add() -> Result<Opaque, Opaque> {
    Ok(Opaque)
}

fn main() {}
