#![allow(unused_variables)]

use mcp_core::resource;

/// Not for clients.
struct Opaque;

/// All sales.
#[resource("sales://all")]
fn all() -> Result<String, Opaque> {
    Err(Opaque)
}

fn main() {}
