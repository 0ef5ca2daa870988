use mcp_core::tool;

fn look(number: &u32) {
    let _ = number;
}

/// Adds.
#[tool]
fn add(#[arg(check = look)] a: u32) {
    let _ = a;
}

fn main() {}
