#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://{region}")]
fn one(#[arg(complete regions)] region: &str) -> String {
    String::new()
}

fn main() {}
