use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(to: Vec<String>) -> String {
    let _ = to;
    String::new()
}

fn main() {}
