use mcp_core::prompt;

/// Drafts a letter.
#[prompt("letters://all")]
fn letter() -> String {
    String::new()
}

fn main() {}
