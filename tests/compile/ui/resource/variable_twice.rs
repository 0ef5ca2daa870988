use mcp_core::resource;

/// What was sold.
#[resource("sales://{region}/{region}")]
fn sales(region: &str) -> String {
    let _ = region;
    String::new()
}

fn main() {}
