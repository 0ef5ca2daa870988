#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://{id}")]
fn one(#[arg(length = 1..=5)] id: &str) -> String {
    id.to_owned()
}

fn main() {}
