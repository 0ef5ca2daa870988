use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
fn add() -> Opaque {
    Opaque
}

fn main() {}
