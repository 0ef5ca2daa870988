#![allow(unused_variables)]

use mcp_core::prompt;

/// Drafts a letter.
#[prompt]
fn letter<T>(to: T) -> String {
    String::new()
}

fn main() {}
