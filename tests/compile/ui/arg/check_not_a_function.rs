use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(check = 5)] a: u32) {
    let _ = a;
}

fn main() {}
