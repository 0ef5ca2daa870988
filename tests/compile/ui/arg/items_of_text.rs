use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(items(length = 1..=9))] a: &str) {
    let _ = a;
}

fn main() {}
