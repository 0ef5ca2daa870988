use mcp_core::prompt;

/// Drafts a letter.
#[prompt(icons("letter.png"))]
fn letter() -> String {
    String::new()
}

fn main() {}
