#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(sales: &'static Sales) {}

fn main() {}

struct Sales;
