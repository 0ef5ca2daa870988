use mcp_core::resource;

/// What was sold.
#[resource("sales://all", priority = 1.5)]
fn sales() -> String {
    String::new()
}

fn main() {}
