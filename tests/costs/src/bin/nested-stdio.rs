//! A nested argument over stdio, with this SDK: `checked` by what its type publishes, and `unchecked`,
//! which is the same type published as any object.

use mcp_core::{HostError, Server, server_info, stdio, tool, tools};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

/// An order.
#[derive(Deserialize, JsonSchema)]
struct Order {
    #[schemars(length(min = 1, max = 20))]
    customer: String,
    #[schemars(length(min = 1, max = 100))]
    lines: Vec<Line>,
}

#[derive(Deserialize, JsonSchema)]
struct Line {
    #[schemars(length(min = 1, max = 80))]
    item: String,
    #[schemars(range(min = 1, max = 99))]
    count: u32,
}

impl Order {
    /// How many things are ordered.
    fn things(&self) -> usize {
        let filled = |line: &&Line| line.count > 0 && !line.item.is_empty();
        let lines = self.lines.iter().filter(filled).count();
        if self.customer.is_empty() { 0 } else { lines }
    }
}

/// The same, of which the schema says nothing.
#[derive(Deserialize, JsonSchema)]
struct Unchecked(#[schemars(with = "Map<String, Value>")] Order);

/// Counts what is ordered.
#[tool(read_only)]
fn checked(order: Order) -> usize {
    order.things()
}

/// Counts what is ordered.
#[tool(read_only)]
fn unchecked(order: Unchecked) -> usize {
    order.0.things()
}

fn main() -> Result<(), HostError> {
    let server = Server::new(server_info!(), ()).tools(tools![checked, unchecked]);
    stdio::run(server.build()?)
}
