#![allow(unused_variables)]

use mcp_core::tool;

struct Filter<'a>(&'a str);

/// Adds.
#[tool]
fn add<'a>(filter: &Filter<'a>) {}

fn main() {}
