//! A crate that forgives nothing.

#![deny(
    warnings,
    dead_code,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    rust_2018_idioms,
    unreachable_pub,
    unused,
    unused_qualifications
)]
#![forbid(unsafe_code)]

use mcp_core::{Caller, Result, Server, State, server_info, tool, tools};

/// The state.
#[derive(Debug, State)]
pub struct App {
    host: String,
}

/// Adds.
#[tool(title = "Add", timeout = "30s")]
pub async fn add(
    /// Text.
    #[arg(default = "a", length = 1..=5)]
    text: &str,
    /// A number.
    #[arg(default = 3, range = 1..=5)]
    number: u32,
    who: Option<&Caller>,
    app: &App,
) -> Result<String> {
    let _ = who;
    Ok(format!("{text}{number}{}", app.host))
}

/// Ends.
#[tool(blocking)]
fn end() {}

fn main() {
    let _ = Server::new(
        server_info!(),
        App {
            host: String::new(),
        },
    )
    .tools(tools![add, end])
    .build();
}
