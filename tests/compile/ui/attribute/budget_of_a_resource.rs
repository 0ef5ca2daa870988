use mcp_core::resource;

/// The terms.
#[resource("terms://all", budget = 5_000)]
fn terms() -> &'static str {
    ""
}

fn main() {}
