use mcp_core::resource;

/// What was sold.
#[resource("sales://{region}")]
fn sales(region: Option<&str>) -> String {
    let _ = region;
    String::new()
}

fn main() {}
