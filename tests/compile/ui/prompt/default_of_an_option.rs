use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(#[arg(default = 1)] words: Option<u8>) -> String {
    let _ = words;
    String::new()
}

fn main() {}
