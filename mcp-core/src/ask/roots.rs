//! Where the client works.

use serde_json::Value;

use crate::error::{Error, Result};

/// A directory or file that the client works in.
///
/// Feature `seal`.
///
/// ```
/// # fn names(roots: &[mcp_core::Root]) -> Vec<&str> {
/// roots.iter().map(|root| root.name().unwrap_or(root.uri())).collect()
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    uri: String,
    name: Option<String>,
}

impl Root {
    /// A `file:` URI. Example: [`Root`].
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The name that people read. Example: [`Root`].
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

/// The most roots that are read.
const MAX_ROOTS: usize = 1000;

/// Whether a root is where the protocol wants all of them to be. Others are left out: roots are
/// advice, and a tool can do without one that it does not understand.
fn is_file(uri: &str) -> bool {
    uri.get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("file://"))
}

pub(super) fn read(raw: &str) -> Result<Vec<Root>> {
    let unfit =
        || Error::bad_answer("The client's answer is no list of roots. Nothing more was done.");
    let tree: Value = serde_json::from_str(raw).map_err(|_| unfit())?;
    let roots = tree
        .get("roots")
        .and_then(Value::as_array)
        .ok_or_else(unfit)?;
    let text = |root: &Value, key: &str| root.get(key).and_then(Value::as_str).map(str::to_owned);
    roots
        .iter()
        .take(MAX_ROOTS)
        .map(|root| {
            let uri = text(root, "uri").ok_or_else(unfit)?;
            let name = text(root, "name");
            Ok(Root { uri, name })
        })
        .filter(|root| root.as_ref().map_or(true, |root| is_file(&root.uri)))
        .collect()
}
