#![allow(unused_variables)]

use std::path::Path;

use mcp_core::tool;

/// Adds.
#[tool]
fn add(file: &Path) {}

fn main() {}
