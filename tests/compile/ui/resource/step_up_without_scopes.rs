use mcp_core::resource;

/// All sales.
#[resource("sales://all", step_up)]
fn all() -> &'static str {
    ""
}

fn main() {}
