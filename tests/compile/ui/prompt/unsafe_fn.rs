#![allow(unused_variables)]

use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
unsafe fn letter() -> String {
    String::new()
}

fn main() {}
