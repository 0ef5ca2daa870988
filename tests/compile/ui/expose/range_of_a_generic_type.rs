#![allow(unused_variables, unused_mut)]

use mcp_core::expose;

struct Desk<N>(N);

#[expose]
impl<N: Send + Sync + Copy + 'static> Desk<N> {
    /// Adds.
    #[tool]
    fn add(&self, #[arg(range = 1..=9)] number: N) {}
}

fn main() {}
