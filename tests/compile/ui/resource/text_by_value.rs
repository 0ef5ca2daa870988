#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://{region}")]
fn one(region: str) -> String {
    String::new()
}

fn main() {
    let _ = one::uri("north");
}
