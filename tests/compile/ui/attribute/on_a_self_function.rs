#![allow(unused_variables)]

use mcp_core::tool;

struct Sales;

impl Sales {
    /// Adds.
    #[tool]
    fn add(sales: &Self) {}
}

fn main() {}
