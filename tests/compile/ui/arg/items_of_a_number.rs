use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(items(range = 1..=9))] a: u32) {
    let _ = a;
}

fn main() {}
