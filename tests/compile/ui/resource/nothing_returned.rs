#![allow(unused_variables)]

use mcp_core::resource;

/// Sales.
#[resource("sales://all")]
fn all() {}

fn main() {}
