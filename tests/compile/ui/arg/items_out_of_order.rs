use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(items(range = 9..=1))] a: Vec<u32>) {
    let _ = a;
}

fn main() {}
