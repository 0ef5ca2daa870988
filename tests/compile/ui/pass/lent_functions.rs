//! The server lends anything that it can share, functions too.

use std::sync::{Mutex, RwLock};

use mcp_core::{Server, State, server_info, tool, tools};

struct Db;

#[derive(State)]
struct App {
    convert: Box<dyn for<'a> Fn(&'a str) -> &'a str + Send + Sync>,
    count: Mutex<u32>,
    names: RwLock<Vec<String>>,
    db: &'static Db,
    pair: (u8, u16),
    array: [u8; 4],
}

/// Converts.
#[tool]
fn convert(text: &str, convert: &Box<dyn for<'a> Fn(&'a str) -> &'a str + Send + Sync>) -> String {
    convert(text).to_owned()
}

/// Calls the function behind the box.
#[tool]
async fn call(f: &(dyn for<'a> Fn(&'a str) -> &'a str + Send + Sync)) -> String {
    f("a").to_owned()
}

/// All the others.
#[tool]
async fn others(
    count: &Mutex<u32>,
    names: &RwLock<Vec<String>>,
    db: &&'static Db,
    pair: &(u8, u16),
    array: &[u8; 4],
) -> usize {
    let _ = (count, db, pair);
    names.read().map_or(0, |names| names.len()) + array.len()
}

fn main() {
    let app = App {
        convert: Box::new(|text| text),
        count: Mutex::default(),
        names: RwLock::default(),
        db: &Db,
        pair: (1, 2),
        array: [0; 4],
    };
    let _ = Server::new(server_info!(), app)
        .tools(tools![convert, call, others])
        .build();
}
