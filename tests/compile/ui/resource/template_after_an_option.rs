#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource(title = "All", "sales://all")]
fn all() -> String {
    String::new()
}

fn main() {}
