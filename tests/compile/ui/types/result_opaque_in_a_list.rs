use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool]
fn add() -> Vec<Opaque> {
    Vec::new()
}

fn main() {}
