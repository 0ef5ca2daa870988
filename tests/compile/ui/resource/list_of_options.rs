#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://all", "sales://more")]
fn all() -> String {
    String::new()
}

fn main() {}
