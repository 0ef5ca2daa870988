//! Ranges and lengths, from literals, constants and constant functions.

use mcp_core::{Server, server_info, tool, tools};

const LOW: i32 = -5;
const HIGH: i32 = 5;

const fn most() -> u32 {
    60
}

mod limits {
    pub const NAMES: u32 = 9;
}

/// Numbers.
#[tool]
fn numbers(
    #[arg(range = LOW..=HIGH)] a: i32,
    #[arg(range = (1..=5))] b: u8,
    #[arg(range = 1u16..=5u16)] c: u16,
    #[arg(range = ..=most())] d: u32,
    #[arg(range = i64::MIN..)] e: i64,
    #[arg(range = 0x10..=0xff)] f: Option<u64>,
    #[arg(range = -1.5..=1e3, default = -0.5)] g: f32,
    #[arg(range = -10..=-1, default = -1)] h: i8,
    #[arg(range = (LOW + 1)..=HIGH)] i: i32,
    #[arg(default, range = 0..=9)] j: usize,
    #[arg(default = HIGH, range = 1..=9)] k: i32,
) -> String {
    format!("{a}{b}{c}{d}{e}{f:?}{g}{h}{i}{j}{k}")
}

/// Lengths.
#[tool]
fn lengths(
    #[arg(length = 1..=5)] a: &str,
    #[arg(length = ..=limits::NAMES)] b: Vec<String>,
    #[arg(length = 3..=3)] c: Option<String>,
    #[arg(length = 1..)] d: Option<Vec<u8>>,
    #[arg(default, length = ..=5)] e: &str,
    #[arg(default = "abc", length = 3..)] f: String,
    #[arg(length = 1..=5)] g: Option<&str>,
) -> String {
    format!("{a}{b:?}{c:?}{d:?}{e}{f}{g:?}")
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![numbers, lengths])
        .build();
}
