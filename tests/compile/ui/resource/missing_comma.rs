use mcp_core::resource;

/// What was sold.
#[resource("sales://all" size = 1)]
fn sales() -> String {
    String::new()
}

fn main() {}
