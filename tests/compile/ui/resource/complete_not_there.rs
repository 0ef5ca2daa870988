use mcp_core::resource;

/// What was sold.
#[resource("sales://{region}")]
fn sales(#[arg(complete = regions)] region: &str) -> String {
    let _ = region;
    String::new()
}

fn main() {}
