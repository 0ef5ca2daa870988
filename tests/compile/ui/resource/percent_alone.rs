#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://100%/all")]
fn all() -> String {
    String::new()
}

fn main() {}
