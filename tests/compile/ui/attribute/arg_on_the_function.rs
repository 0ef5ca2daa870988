use mcp_core::tool;

/// Adds.
#[tool]
#[arg(range = 1..=5)]
fn add(number: u32) -> u32 {
    number
}

fn main() {}
