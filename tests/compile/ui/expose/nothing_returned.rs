#![allow(unused_variables)]

use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// One row.
    #[resource("desk://all")]
    fn all(&self) {}
}

fn main() {}
