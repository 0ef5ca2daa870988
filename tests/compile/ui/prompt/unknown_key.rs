use mcp_core::prompt;

/// Drafts a letter.
#[prompt(titel = "Letter")]
fn letter() -> String {
    String::new()
}

fn main() {}
