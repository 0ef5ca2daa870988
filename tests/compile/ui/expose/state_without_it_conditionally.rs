#![allow(unused_variables, unused_mut)]

use mcp_core::{State, expose};

#[derive(State)]
struct Desk;

struct Db;

#[expose]
impl Desk {
    /// Adds.
    #[cfg(all())]
    #[tool]
    fn add(&self, db: &Db) {}
}

fn main() {}
