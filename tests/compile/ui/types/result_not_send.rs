#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
async fn add() -> std::rc::Rc<str> {
    "five".into()
}

fn main() {}
