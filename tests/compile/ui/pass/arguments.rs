use std::collections::HashMap;
use std::path::PathBuf;

use mcp_core::{Server, server_info, tool, tools};
use schemars::JsonSchema;
use serde::Deserialize;

/// One line of an order.
#[derive(Deserialize, JsonSchema)]
struct Line {
    item: String,
    count: u32,
}

/// Takes what clients can send.
#[tool]
async fn order(
    lines: Vec<Line>,
    first: Option<Line>,
    point: (f64, f64),
    names: HashMap<String, u8>,
    letter: char,
    file: PathBuf,
    anything: serde_json::Value,
    pair: [u16; 2],
    text: std::option::Option<&str>,
) -> usize {
    let _ = (
        first.map(|it| it.item),
        point,
        names,
        letter,
        file,
        anything,
        pair,
        text,
    );
    lines.iter().map(|line| line.count as usize).sum()
}

fn main() {
    let _ = Server::new(server_info!(), ()).tools(tools![order]).build();
}
