use mcp_core::tool;

/// Adds.
#[tool(step_up)]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

fn main() {}
