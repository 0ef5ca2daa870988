#![allow(unused_variables)]

use mcp_core::prompt;

/// Not for clients.
struct Opaque;

/// Drafts a letter.
#[prompt]
fn letter() -> Result<String, Opaque> {
    Err(Opaque)
}

fn main() {}
