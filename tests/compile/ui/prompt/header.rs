use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(#[arg(header = "To")] to: &str) -> String {
    let _ = to;
    String::new()
}

fn main() {}
