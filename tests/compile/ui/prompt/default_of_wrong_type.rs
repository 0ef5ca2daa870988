use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(#[arg(default = "one")] words: u8) -> String {
    let _ = words;
    String::new()
}

fn main() {}
