#![allow(unused_variables)]

use mcp_core::tool;

struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}

/// Adds.
#[tool]
fn add() -> Result<(), Failed> {
    Err(Failed)
}

fn main() {}
