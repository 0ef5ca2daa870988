use mcp_core::resource;

/// What was sold.
#[resource("{scheme}://sales")]
fn sales(scheme: &str) -> String {
    let _ = scheme;
    String::new()
}

fn main() {}
