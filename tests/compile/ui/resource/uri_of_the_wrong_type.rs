use mcp_core::resource;

/// What was sold.
#[resource("sales://{month}")]
fn sales(month: u8) -> String {
    month.to_string()
}

fn main() {
    let _ = sales::uri("May");
}
