#![allow(dead_code)]

use mcp_core::tool;

struct Option;
struct Result;
struct Some;
struct None;
struct Ok;
struct Err;
struct String;
struct Box;
struct Default;
struct From;
struct Duration;
mod core {}
mod std {}

/// Adds.
#[tool(timeout = "30s")]
async fn add(
    #[arg(default = "a", length = 1..=5)] text: &str,
    #[arg(default, range = ..=9)] n: u32,
) -> u32 {
    let _ = text;
    n
}

fn main() {}
