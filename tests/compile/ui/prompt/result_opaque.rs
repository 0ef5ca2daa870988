#![allow(unused_variables)]

use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter() -> impl Into<String> {
    "Dear"
}

fn main() {}
