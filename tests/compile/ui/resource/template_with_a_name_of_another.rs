#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource(uri_template = "sales://{id}", mime = "text/plain")]
fn one(id: u32) -> String {
    String::new()
}

fn main() {}
