use mcp_core::resource;

/// What was sold.
#[resource("sales://all", mimetype = "text/plain")]
fn sales() -> String {
    String::new()
}

fn main() {}
