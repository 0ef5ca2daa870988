use mcp_core::tool;

/// Not for clients.
struct Opaque;

/// Adds.
#[tool(readonly, name = "add numbers")]
fn add(#[arg(range = 60..=1)] a: u32, (b, c): (u32, u32)) -> u32 {
    a + b + c
}

/// Ends.
#[tool]
fn end() -> Opaque {
    Opaque
}

fn main() {}
