use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(#[arg(length = 1..=9)] to: &str) -> String {
    let _ = to;
    String::new()
}

fn main() {}
