use mcp_core::expose;

struct Desk(std::cell::Cell<u8>);

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add(&self) {}
}

fn main() {}
