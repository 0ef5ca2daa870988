use mcp_core::resource;

/// What was sold.
#[resource("sales://{month}")]
fn sales(#[arg(range = 1..=12)] month: u8) -> String {
    let _ = month;
    String::new()
}

fn main() {}
