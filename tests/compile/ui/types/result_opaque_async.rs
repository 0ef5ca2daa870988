use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
async fn add() -> Opaque {
    Opaque
}

fn main() {}
