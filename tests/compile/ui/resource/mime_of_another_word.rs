#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://all", mime_type = "text/plain")]
fn all() -> String {
    String::new()
}

fn main() {}
