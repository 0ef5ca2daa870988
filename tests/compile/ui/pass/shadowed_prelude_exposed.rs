#![allow(dead_code)]

use mcp_core::{State, expose, prompt, resource};

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Err;
struct String;
struct Box;
struct Vec;
struct Default;
struct From;
struct Duration;
struct Send;
struct Sync;
struct Role;
struct ToolDef;
struct Exposed;
mod core {}
mod std {}

/// What was sold.
#[resource("sales://{region}/{month}", timeout = "30s", audience("user"))]
async fn sales(region: &str, month: u8) -> &'static str {
    let _ = (region, month);
    ""
}

/// Drafts a letter.
#[prompt]
fn letter(#[arg(default = "a")] to: &str, #[arg(default)] n: u32) -> &'static str {
    let _ = (to, n);
    ""
}

#[derive(State)]
struct Desk;

#[expose]
impl Desk {
    /// Adds.
    #[tool]
    fn add(&self, #[arg(default, range = ..=9)] n: u32) -> u32 {
        n
    }

    /// One drawer.
    #[resource("desk://{drawer}")]
    fn drawer(&self, drawer: u32) -> &'static str {
        let _ = drawer;
        ""
    }
}

fn main() {}
