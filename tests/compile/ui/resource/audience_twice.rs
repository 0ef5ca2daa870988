use mcp_core::resource;

/// What was sold.
#[resource("sales://all", audience("user", "user"))]
fn sales() -> String {
    String::new()
}

fn main() {}
