#![allow(unused_variables)]

use mcp_core::tool;

/// One item.
#[derive(serde::Deserialize)]
struct Item;

/// Adds.
#[tool]
fn add(item: Item) {}

fn main() {}
