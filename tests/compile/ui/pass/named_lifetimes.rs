use std::borrow::Cow;

use mcp_core::{Server, State, server_info, tool, tools};
use schemars::JsonSchema;
use serde::Deserialize;

struct Sales(String);

#[derive(State)]
struct App {
    sales: Sales,
}

/// Text.
#[tool]
fn text<'a>(x: &'a str, y: Option<&'a str>) -> &'a str {
    y.unwrap_or(x)
}

/// Text of the state.
#[tool]
async fn host<'a>(sales: &'a Sales, x: &str) -> &'a str {
    let _ = x;
    &sales.0
}

/// Either of them.
#[tool]
fn either<'a, 'b: 'a>(sales: &'b Sales, x: &'a str) -> &'a str {
    if x.is_empty() { &sales.0 } else { x }
}

/// A structure that borrows.
#[derive(Deserialize, JsonSchema)]
struct Filter<'a> {
    #[serde(borrow)]
    host: Cow<'a, str>,
}

/// Borrows from the request.
#[tool]
async fn filter<'a>(filter: Filter<'a>) -> Cow<'a, str> {
    filter.host
}

fn main() {
    let _ = Server::new(
        server_info!(),
        App {
            sales: Sales(String::new()),
        },
    )
    .tools(tools![text, host, either, filter])
    .build();
}
