#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
async fn add(text: std::rc::Rc<str>) {}

fn main() {}
