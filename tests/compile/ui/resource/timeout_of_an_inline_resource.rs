use mcp_core::resource;

/// What was sold.
#[resource("sales://all", timeout = "5s")]
fn sales() -> String {
    String::new()
}

fn main() {}
