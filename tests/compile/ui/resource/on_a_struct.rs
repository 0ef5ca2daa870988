use mcp_core::resource;

/// What was sold.
#[resource("sales://all")]
struct Sales;

fn main() {}
