#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(complete = regions)] region: &str) {}

fn regions(typed: &str) -> Vec<String> {
    vec![typed.to_owned()]
}

fn main() {}
