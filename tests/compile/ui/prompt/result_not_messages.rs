use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter() -> u32 {
    1
}

fn main() {}
