#![allow(unused_variables)]

use mcp_core::prompt;

struct Desk;

impl Desk {
    /// Drafts a letter.
    #[prompt]
    fn letter(desk: &Self) -> String {
        String::new()
    }
}

fn main() {}
