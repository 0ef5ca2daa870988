use std::rc::Rc;

use mcp_core::tool;

/// Adds.
#[tool]
async fn add() -> usize {
    let shared = Rc::new(5);
    std::future::ready(()).await;
    *shared
}

fn main() {}
