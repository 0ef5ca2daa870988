use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(#[arg(complete = people)] to: &str) -> String {
    let _ = to;
    String::new()
}

fn people() -> Vec<String> {
    Vec::new()
}

fn main() {}
