use mcp_core::{Caller, Context, tool};

struct Sales;

/// Adds.
#[tool]
fn add(
    /// Where the sales are.
    sales: &Sales,
    /// Who asks.
    caller: Option<&Caller>,
    context: &Context,
) {
    let _ = (sales, caller, context);
}

fn main() {}
