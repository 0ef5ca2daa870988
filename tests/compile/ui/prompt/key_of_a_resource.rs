use mcp_core::prompt;

/// Drafts a letter.
#[prompt(mime = "text/plain")]
fn letter() -> String {
    String::new()
}

fn main() {}
