use mcp_core::resource;

/// What was sold.
#[resource("sales://all", audience())]
fn sales() -> String {
    String::new()
}

fn main() {}
