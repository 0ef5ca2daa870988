use mcp_core::{Server, server_info, tool, tools};
use schemars::JsonSchema;
use serde::Serialize;

/// A sum.
#[derive(Serialize, JsonSchema)]
struct Sum {
    cents: i64,
}

/// What it is.
#[derive(Serialize, JsonSchema)]
enum Kind {
    Small,
    Large { cents: i64 },
}

/// Nothing.
#[tool]
fn nothing() {}

/// Nothing, too.
#[tool]
async fn unit() -> () {}

/// A structure.
#[tool]
fn sum() -> Sum {
    Sum { cents: 5 }
}

/// An enum.
#[tool]
async fn kind(small: bool) -> Result<Kind, std::io::Error> {
    if small {
        Ok(Kind::Small)
    } else {
        Ok(Kind::Large { cents: 5 })
    }
}

/// A list.
#[tool]
fn list() -> Vec<Sum> {
    Vec::new()
}

/// Perhaps.
#[tool]
fn perhaps() -> Option<u32> {
    None
}

/// A constant text.
#[tool]
fn text() -> &'static str {
    "text"
}

fn main() {
    let _ = Server::new(server_info!(), ())
        .tools(tools![nothing, unit, sum, kind, list, perhaps, text])
        .build();
}
