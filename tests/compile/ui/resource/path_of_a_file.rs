#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("/etc/sales")]
fn all() -> String {
    String::new()
}

fn main() {}
