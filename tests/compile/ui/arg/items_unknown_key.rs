use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(items(lenght = 1..=9))] a: Vec<String>) {
    let _ = a;
}

fn main() {}
