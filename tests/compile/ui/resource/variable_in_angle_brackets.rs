#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://<id>")]
fn one(id: u32) -> String {
    String::new()
}

fn main() {}
