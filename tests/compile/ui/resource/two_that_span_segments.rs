use mcp_core::resource;

/// What was sold.
#[resource("sales://{+region}/{+month}")]
fn sales(region: &str, month: &str) -> String {
    let _ = (region, month);
    String::new()
}

fn main() {}
