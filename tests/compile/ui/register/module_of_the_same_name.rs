mod add {
    /// Adds.
    #[mcp_core::tool]
    pub fn add() {}
}

pub use add::add;

fn main() {}
