use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(items)] a: Vec<String>) {
    let _ = a;
}

fn main() {}
