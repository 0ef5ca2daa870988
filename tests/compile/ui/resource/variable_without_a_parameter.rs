use mcp_core::resource;

/// What was sold.
#[resource("sales://{region}/{month}")]
fn sales(region: &str) -> String {
    let _ = region;
    String::new()
}

fn main() {}
