#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("")]
fn all() -> String {
    String::new()
}

fn main() {}
