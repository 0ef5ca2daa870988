use mcp_core::expose;

struct Desk<'a>(&'a str);

#[expose]
impl Desk<'_> {
    /// Adds.
    #[tool]
    fn add(&self) {}
}

fn main() {}
