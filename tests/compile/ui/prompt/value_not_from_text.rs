use mcp_core::prompt;

struct Person;

/// Drafts a letter.
#[prompt]
fn letter(to: Person) -> String {
    let _ = to;
    String::new()
}

fn main() {}
