use std::borrow::Cow;

use mcp_core::{Server, server_info, tool, tools};
use schemars::JsonSchema;
use serde::Deserialize;

const LIMIT: u32 = 10;

fn page() -> u32 {
    1
}

/// A unit.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Unit {
    #[default]
    Cent,
    Euro,
}

/// Adds.
#[tool]
fn add(
    #[arg(default = LIMIT * 2)] a: u32,
    #[arg(default = page())] b: u32,
    #[arg(default)] c: Unit,
    #[arg(default = Unit::Euro)] d: Unit,
    #[arg(default = "text")] e: &str,
    #[arg(default = "text")] f: String,
    #[arg(default = "text", length = ..=10)] g: Cow<'_, str>,
    #[arg(default = -5, range = -10..)] h: i64,
    #[arg(default = 0.5, range = 0.0..=1.0)] i: f64,
    #[arg(default = vec![1, 2], length = 1..=3)] j: Vec<u8>,
    #[arg(default)] k: &str,
    #[arg(range = 1..=LIMIT)] l: Option<u32>,
    #[arg(default = true)] m: bool,
    mut n: u32,
) -> String {
    n += 1;
    format!(
        "{a}{b}{e}{f}{g}{h}{i}{j:?}{k}{l:?}{m}{n}{}{}",
        c as u8, d as u8
    )
}

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![add]).build();
}
