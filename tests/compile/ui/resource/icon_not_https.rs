use mcp_core::resource;

/// What was sold.
#[resource("sales://all", icons("http://example.com/a.png"))]
fn sales() -> String {
    String::new()
}

fn main() {}
