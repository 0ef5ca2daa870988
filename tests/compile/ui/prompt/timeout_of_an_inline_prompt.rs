use mcp_core::prompt;

/// Drafts a letter.
#[prompt(timeout = "5s")]
fn letter() -> String {
    String::new()
}

fn main() {}
