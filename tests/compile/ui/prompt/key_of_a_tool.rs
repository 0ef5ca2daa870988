use mcp_core::prompt;

/// Drafts a letter.
#[prompt(destructive)]
fn letter() -> String {
    String::new()
}

fn main() {}
