use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(pattern = 5)] a: &str) {
    let _ = a;
}

fn main() {}
