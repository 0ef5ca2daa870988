use mcp_core::{Context, resource};

/// What was sold.
#[resource("sales://all")]
fn sales(#[arg(complete = regions)] cx: &Context) -> String {
    let _ = cx;
    String::new()
}

fn regions(typed: &str) -> Vec<String> {
    vec![typed.to_owned()]
}

fn main() {}
