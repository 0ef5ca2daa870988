#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://größe")]
fn all() -> String {
    String::new()
}

fn main() {}
