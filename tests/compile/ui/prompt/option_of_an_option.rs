use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(words: Option<Option<u8>>) -> String {
    let _ = words;
    String::new()
}

fn main() {}
