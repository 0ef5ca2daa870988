#![allow(unused_variables)]

use mcp_core::tool;

struct Sales;

/// Adds.
#[tool]
fn add(#[arg(name = "db")] sales: &Sales) {}

fn main() {}
