use mcp_core::resource;

/// What was sold.
#[resource("sales://all", priority = "high")]
fn sales() -> String {
    String::new()
}

fn main() {}
