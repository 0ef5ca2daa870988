use mcp_core::tool;

/// Greets.
#[tool]
fn hello(#[arg(default = "", length = 1..=20)] name: &str) -> String {
    name.to_owned()
}

fn main() {}
