#![allow(unused_variables)]

use mcp_core::tool;

/// Adds.
#[tool]
fn add(#[arg(header = "Region")] cx: &mcp_core::Context) {}

fn main() {}
