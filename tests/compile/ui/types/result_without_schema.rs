use mcp_core::tool;

/// One item.
#[derive(serde::Serialize)]
struct Item;

/// Adds.
#[tool]
fn add() -> Item {
    Item
}

fn main() {}
