#![allow(unused_variables)]

use mcp_core::tool;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Filter {
    text: String,
}

/// Adds.
#[tool]
fn add(#[arg(default = "a")] filter: Filter) {}

fn main() {}
