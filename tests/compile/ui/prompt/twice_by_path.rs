/// Drafts a letter.
#[mcp_core::prompt]
#[mcp_core::prompt(title = "Letter")]
fn letter() -> String {
    String::new()
}

fn main() {}
