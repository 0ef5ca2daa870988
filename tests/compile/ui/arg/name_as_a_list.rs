#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(name("howMany"))] limit: u32) {}

fn main() {}
