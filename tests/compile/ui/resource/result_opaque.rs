use mcp_core::resource;

struct Sales;

/// What was sold.
#[resource("sales://all")]
fn sales() -> Sales {
    Sales
}

fn main() {}
