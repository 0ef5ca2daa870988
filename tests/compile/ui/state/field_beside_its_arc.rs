use std::sync::Arc;

use mcp_core::State;

struct Sales;

#[derive(State)]
struct App {
    sales: Sales,
    shared: Arc<Sales>,
}

fn main() {}
