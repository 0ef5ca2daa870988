#![allow(unused_variables)]

use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// One row.
    #[resource("desk://{row}")]
    fn row(&self, row: u32) -> String {
        String::new()
    }

    fn row_uri() -> String {
        String::new()
    }
}

fn main() {}
