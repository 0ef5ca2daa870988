#![allow(unused_variables)]

use mcp_core::tool;

/// One item.
#[derive(schemars::JsonSchema)]
struct Item;

/// Adds.
#[tool]
fn add(item: Item) {}

fn main() {}
