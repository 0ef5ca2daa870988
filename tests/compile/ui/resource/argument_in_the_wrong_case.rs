#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://{customerId}")]
fn one(customer_id: u32) -> String {
    String::new()
}

fn main() {}
