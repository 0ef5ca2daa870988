#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://{region}")]
fn one(region: _) -> String {
    String::new()
}

fn main() {
    let _ = one::uri("north");
}
