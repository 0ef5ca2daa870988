use mcp_core::tool;

struct Sales;

/// Sales.
#[tool]
impl Sales {}

fn main() {}
