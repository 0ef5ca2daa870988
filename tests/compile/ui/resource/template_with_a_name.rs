#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource(uri = "sales://all")]
fn all() -> String {
    String::new()
}

fn main() {}
