use mcp_core::tool;

struct Sales;

impl Sales {
    /// Adds.
    #[tool]
    fn add(&self) {}
}

fn main() {}
