#![allow(unused_variables)]

use mcp_core::prompt;

/// Drafts a letter.
#[prompt(name = "the letter")]
fn letter() -> String {
    String::new()
}

fn main() {}
