use mcp_core::resource;

/// What was sold.
#[resource(uri = "sales://all")]
fn sales() -> String {
    String::new()
}

fn main() {}
