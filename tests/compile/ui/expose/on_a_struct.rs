use mcp_core::expose;

#[expose]
pub struct Desk;

fn main() {}
