use mcp_core::resource;

/// What was sold.
#[resource("sales://all", size = -3)]
fn sales() -> String {
    String::new()
}

fn main() {}
