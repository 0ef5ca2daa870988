#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://all", priority = "0.5")]
fn all() -> String {
    String::new()
}

fn main() {}
