#![allow(unused_variables)]

use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter(pages: Vec<u32>) -> String {
    String::new()
}

fn main() {}
