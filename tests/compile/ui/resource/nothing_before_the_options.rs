#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource(, mime = "text/plain")]
fn all() -> String {
    String::new()
}

fn main() {}
