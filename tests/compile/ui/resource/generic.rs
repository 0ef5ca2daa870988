use mcp_core::resource;

/// What was sold.
#[resource("sales://{region}")]
fn sales<T: std::str::FromStr>(region: T) -> String {
    let _ = region;
    String::new()
}

fn main() {}
