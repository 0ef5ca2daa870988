#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource["sales://{id}"]]
fn all() -> String {
    String::new()
}

fn main() {}
