use mcp_core::expose;

struct Desk<'a>(&'a str);

#[expose]
impl<'a> Desk<'a> {
    /// Adds.
    #[tool]
    fn add(&self) {}
}

fn main() {}
