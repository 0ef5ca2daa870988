use mcp_core::resource;

/// What was sold.
#[resource("sales://{month}")]
fn sales(month: Option<u8>) -> String {
    let _ = month;
    String::new()
}

fn main() {}
