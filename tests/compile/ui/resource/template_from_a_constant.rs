use mcp_core::resource;

const URI: &str = "sales://all";

/// What was sold.
#[resource(URI)]
fn sales() -> String {
    String::new()
}

fn main() {}
