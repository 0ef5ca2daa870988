use mcp_core::resource;

/// What was sold.
#[resource("sales://{region}/{month}/{day}")]
fn sales(region: &str, year: u16) -> String {
    let _ = (region, year);
    String::new()
}

fn main() {}
