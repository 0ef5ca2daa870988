use std::sync::Mutex;

use mcp_core::{State, tool};

#[derive(State)]
struct App {
    count: Mutex<u32>,
}

/// Adds.
#[tool]
async fn add(app: &App) -> u32 {
    let count = app.count.lock().unwrap();
    std::future::ready(()).await;
    *count
}

fn main() {}
