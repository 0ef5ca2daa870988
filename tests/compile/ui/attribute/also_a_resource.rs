use mcp_core::tool;

/// Adds.
#[tool]
#[mcp_core::resource("sales://all")]
fn add() -> String {
    String::new()
}

fn main() {}
