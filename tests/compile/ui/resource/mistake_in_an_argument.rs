#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://{region}")]
fn one(#[arg(name "region")] it: &str) -> String {
    String::new()
}

fn main() {}
