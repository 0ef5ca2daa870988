use mcp_core::tool;

trait Sales {
    /// Adds.
    #[tool]
    fn add();
}

fn main() {}
