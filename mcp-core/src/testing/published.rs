//! Everything that a server publishes, whatever its callers may see of it.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use serde_json::{Map, Value, json};

use super::Client;
use crate::caller::Caller;
use crate::server::Server;

/// The lists of a server, each with the field of its result.
pub(super) const LISTS: [(&str, &str); 4] = [
    ("tools/list", "tools"),
    ("resources/list", "resources"),
    ("resources/templates/list", "resourceTemplates"),
    ("prompts/list", "prompts"),
];

/// All entries of a list, in a revision.
pub(super) fn list(server: &Server, revision: &str, (method, field): (&str, &str)) -> Vec<Value> {
    let client = Client::new(server)
        // Holds every scope.
        .as_caller(Caller::local("contract"))
        .speaking(revision);
    let mut entries = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let mut params = Map::new();
        if !cursor.is_null() {
            params.insert("cursor".to_owned(), cursor);
        }
        // Lists never wait.
        let Some(mut page) = at_once(client.request(method, Value::Object(params))) else {
            return entries;
        };
        if let Some(Value::Array(more)) = page.get_mut(field).map(Value::take) {
            entries.extend(more);
        }
        cursor = page
            .get_mut("nextCursor")
            .map(Value::take)
            .unwrap_or_default();
        if cursor.is_null() {
            return entries;
        }
    }
}

/// The name that the server gives itself.
pub(super) fn name(server: &Server) -> String {
    let client = Client::new(server).speaking("2025-11-25");
    let params = json!({
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "contract", "version": "0"},
    });
    let found = at_once(client.request("initialize", params)).unwrap_or_default();
    let name = found.get("serverInfo").and_then(|info| info.get("name"));
    name.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
