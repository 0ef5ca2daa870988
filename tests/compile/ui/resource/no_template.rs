use mcp_core::resource;

/// What was sold.
#[resource]
fn sales() -> String {
    String::new()
}

fn main() {}
