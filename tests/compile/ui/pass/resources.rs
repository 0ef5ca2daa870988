//! Resources of every shape, and the URIs that they are found by.

use std::fmt;
use std::str::FromStr;

use mcp_core::{Completing, Context, Result, Server, State, resource, resources, server_info};

/// How to begin.
#[resource("docs://readme", mime = "text/markdown", size = 6)]
fn readme() -> &'static str {
    "Begin."
}

/// What was sold.
#[resource(
    "sales://{region}/{+path}",
    name = "sales",
    title = "Sales",
    audience("user", "assistant"),
    priority = 0.5,
    icons("https://example.com/sales.png", "data:image/png;base64,AAAA"),
    scopes("sales:read"),
    timeout = "5s"
)]
async fn sold<'a>(
    /// Where in the region.
    path: &'a str,
    app: &'a App,
    #[arg(name = "region", complete = regions)] part: Region,
    cx: &Context,
) -> Result<Vec<String>> {
    let _ = cx;
    Ok(vec![format!("{part} {path} {}", app.name)])
}

/// Reads the table.
#[resource("tables://{type}", blocking)]
fn table(r#type: u32) -> String {
    r#type.to_string()
}

struct Region(String);

impl FromStr for Region {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn regions(typed: &str, with: &Completing<'_>) -> Vec<String> {
    let _ = with;
    vec![typed.to_owned()]
}

#[derive(State)]
struct App {
    name: String,
}

fn main() {
    let _ = (
        readme::uri(),
        sold::uri("a/b", Region(String::new())),
        table::uri(1),
    );
    let _ = Server::new(
        server_info!(),
        App {
            name: String::new(),
        },
    )
    .resources(resources![
        readme,
        #[cfg(all())]
        sold,
        table
    ])
    .build();
}
