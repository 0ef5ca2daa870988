//! What else a tool can return.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;

use mcp_core::{Error, Server, State, server_info, tool, tools};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(State)]
struct App {
    name: String,
    rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Serialize, JsonSchema)]
struct Row {
    id: u32,
}

/// Borrows from the state.
#[derive(Serialize, JsonSchema)]
struct View<'a> {
    name: &'a str,
    rows: &'a [Row],
}

#[derive(Debug)]
enum Failed {
    Missing(u32),
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Missing(id) = self;
        write!(f, "no row {id}")
    }
}

impl std::error::Error for Failed {}

type Outcome<T> = Result<T, Failed>;

/// Borrows.
#[tool]
fn view(app: &App) -> View<'_> {
    View { name: &app.name, rows: &app.rows }
}

/// Text of the state.
#[tool]
fn name(app: &App) -> &str {
    &app.name
}

/// Text that may be new.
#[tool]
fn cow(app: &App, loud: bool) -> Cow<'_, str> {
    if loud { app.name.to_uppercase().into() } else { (&app.name).into() }
}

/// A map in an alias with an error of its own.
#[tool]
async fn map(app: &App, id: u32) -> Outcome<BTreeMap<u32, Row>> {
    let found = app.rows.iter().find(|row| row.id == id);
    let row = found.ok_or(Failed::Missing(id))?;
    Ok(BTreeMap::from([(id, row.clone())]))
}

/// Tuples and boxes.
#[tool]
fn tuple() -> (u8, Box<str>, Option<bool>) {
    (1, "a".into(), None)
}

/// Anything.
#[tool]
fn anything() -> serde_json::Value {
    serde_json::json!({"a": [1, null]})
}

/// Cannot fail, as the type says.
#[tool]
fn never_fails() -> Result<u8, Infallible> {
    Ok(5)
}

/// Fails for the model to read.
#[tool]
fn fails(text: &str) -> Result<u32, Error> {
    text.parse().map_err(Error::public)
}

fn main() {
    let app = App { name: String::new(), rows: Vec::new() };
    let _ = Server::new(server_info!(), app)
        .tools(tools![view, name, cow, map, tuple, anything, never_fails, fails])
        .build();
}
