use mcp_core::resource;

struct Sales;

/// What was sold.
#[resource("sales://all")]
async fn sales() -> mcp_core::Result<Sales> {
    Ok(Sales)
}

fn main() {}
