#![allow(unused_variables)]

use mcp_core::{expose};

struct Desk<T>(T);

#[expose]
impl<T> Desk<T> {
    /// Adds.
    #[tool]
    fn add(&self, item: T) {}
}

fn main() {}
