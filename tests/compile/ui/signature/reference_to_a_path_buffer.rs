#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(path: &std::path::PathBuf) {}

fn main() {}
