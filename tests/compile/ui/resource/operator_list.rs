use mcp_core::resource;

/// What was sold.
#[resource("sales://{region,month}")]
fn sales(region: &str, month: u8) -> String {
    let _ = (region, month);
    String::new()
}

fn main() {}
