#![allow(unused_variables)]

use mcp_core::resource;

struct Region;

/// Sales.
#[resource("sales://{region}")]
fn one(region: Region) -> String {
    String::new()
}

fn main() {}
