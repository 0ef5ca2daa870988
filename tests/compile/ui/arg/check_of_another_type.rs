use mcp_core::tool;

fn is_even(number: &u64) -> Result<(), String> {
    if number % 2 == 0 { Ok(()) } else { Err("is odd".to_owned()) }
}

/// Adds.
#[tool]
fn add(#[arg(check = is_even)] a: u32) {
    let _ = a;
}

fn main() {}
