use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(#[arg(complete = numbers)] words: u8) -> String {
    let _ = words;
    String::new()
}

fn numbers(typed: &str) -> Vec<u8> {
    let _ = typed;
    Vec::new()
}

fn main() {}
