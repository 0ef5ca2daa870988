//! What else a client can send.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;
use std::sync::Arc;

use mcp_core::{Server, server_info, tool, tools};
use schemars::JsonSchema;
use serde::Deserialize;

/// Borrows its text from the request.
#[derive(Deserialize, JsonSchema)]
struct Filter<'a> {
    #[serde(borrow)]
    text: &'a str,
    #[serde(default)]
    limit: Option<u32>,
}

/// How to sort.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    Rising,
    Falling,
}

/// A page of any of these.
#[derive(Deserialize, JsonSchema)]
struct Page<T> {
    items: Vec<T>,
}

type Limit = Option<u32>;

/// Borrows, so that it has to be in order.
#[tool]
fn borrow(filter: Filter<'_>, text: Cow<'_, str>, orders: Vec<Order>) -> usize {
    let falling = orders.iter().filter(|it| matches!(it, Order::Falling));
    filter.text.len() + filter.limit.map_or(0, |it| it as usize) + text.len() + falling.count()
}

/// Owns, and waits.
#[tool]
async fn own(
    map: BTreeMap<String, i64>,
    set: BTreeSet<char>,
    page: Page<Page<bool>>,
    one: NonZeroU8,
    boxed: Box<str>,
    all: (u8, (i8, f32)),
    limit: Limit,
    unit: (),
    optional: Option<Vec<Option<u8>>>,
) -> String {
    std::future::ready(unit).await;
    let pages = page.items.len();
    format!("{map:?}{set:?}{pages}{one}{boxed}{all:?}{limit:?}{optional:?}")
}

/// Shares what is lent.
#[tool]
fn shared(text: Option<&str>, numbers: Option<&Arc<[u8]>>) -> bool {
    text.is_some() && numbers.is_some()
}

#[derive(mcp_core::State)]
struct App {
    numbers: Arc<[u8]>,
}

fn main() {
    let _ = Server::new(server_info!(), App { numbers: Arc::default() })
        .tools(tools![borrow, own, shared])
        .build();
}
