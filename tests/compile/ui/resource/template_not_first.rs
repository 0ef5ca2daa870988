use mcp_core::resource;

/// What was sold.
#[resource(mime = "text/plain")]
fn sales() -> String {
    String::new()
}

fn main() {}
