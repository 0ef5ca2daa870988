use mcp_core::tool;

/// Adds.
#[tool]
fn add() -> impl Future<Output = u32> {
    async { 5 }
}

fn main() {}
