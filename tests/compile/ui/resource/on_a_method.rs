use mcp_core::resource;

struct Sales;

impl Sales {
    /// What was sold.
    #[resource("sales://all")]
    fn all(&self) -> String {
        String::new()
    }
}

fn main() {}
