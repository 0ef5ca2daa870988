use mcp_core::tool;

unsafe extern "C" {
    /// Adds.
    #[tool]
    fn add();
}

fn main() {}
