use mcp_core::tool;

/// One item.
#[derive(schemars::JsonSchema)]
struct Item;

/// Adds.
#[tool]
fn add() -> Item {
    Item
}

fn main() {}
