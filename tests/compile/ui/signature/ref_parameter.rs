use mcp_core::tool;

/// Adds.
#[tool]
fn add(ref a: u32) -> u32 {
    *a
}

fn main() {}
