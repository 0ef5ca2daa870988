use mcp_core::resource;

/// What was sold.
#[resource("sales://all", mime = "json")]
fn sales() -> String {
    String::new()
}

fn main() {}
