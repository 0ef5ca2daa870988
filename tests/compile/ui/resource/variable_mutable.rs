#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://{region}")]
fn one(region: &mut String) -> String {
    String::new()
}

fn main() {}
