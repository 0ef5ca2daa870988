use mcp_core::resource;

/// What was sold.
#[resource("sales://all", read_only)]
fn sales() -> String {
    String::new()
}

fn main() {}
