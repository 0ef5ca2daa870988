use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(to: &str, #[arg(name = "to")] from: &str) -> String {
    let _ = (to, from);
    String::new()
}

fn main() {}
