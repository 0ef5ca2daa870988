#![allow(unused_variables)]

use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(pages: &mut u32) -> String {
    String::new()
}

fn main() {}
