use mcp_core::tool;

/// Adds.
#[tool(scopes("sales:read sales:write"))]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

fn main() {}
