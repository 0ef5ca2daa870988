use mcp_core::prompt;

#[prompt]
fn letter() -> String {
    String::new()
}

fn main() {}
