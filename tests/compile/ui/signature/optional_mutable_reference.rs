#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(sales: Option<&mut Sales>) {}

fn main() {}

struct Sales;
