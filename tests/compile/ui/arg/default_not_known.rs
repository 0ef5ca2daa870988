#![allow(unused_variables)]

use mcp_core::tool;

use schemars::JsonSchema;
use serde::Deserialize;

/// A unit.
#[derive(Deserialize, JsonSchema)]
enum Unit {
    Cent,
    Euro,
}

/// Adds.
#[tool]
fn add(#[arg(default)] unit: Unit) {}

fn main() {}
