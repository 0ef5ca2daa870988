use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(#[arg(range = 1..=9)] words: u8) -> String {
    let _ = words;
    String::new()
}

fn main() {}
