//! The tools: plain functions that a test can call like any other.

use mcp_core::{Contents, Cursor, Page, Result, tool};
use schemars::JsonSchema;
use serde::Serialize;

use crate::documents::Documents;

/// A document that there is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Entry {
    /// What `fetch_document` takes.
    pub key: String,
    /// The same as a resource.
    pub uri: String,
    /// Its size.
    pub bytes: u64,
    /// Its media type, where its key tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<&'static str>,
}

/// The documents that there are, in the order of their keys, in pages.
#[tool(read_only, budget = 20_000)]
pub(crate) async fn list_documents(
    /// Only those in this folder and below it, such as `handbook`; all when left out.
    folder: Option<&str>,
    cursor: Option<Cursor<String>>,
    documents: &Documents,
) -> Result<Page<Entry>> {
    let after = cursor.map(Cursor::into_position);
    let found = documents.list(folder.unwrap_or_default(), after.as_deref());
    let listing = found.await?;
    Ok(Page::keyed(listing.entries, |entry| entry.key.clone()).more(listing.more))
}

/// One document: a text, in parts if it is long, a picture, or the bytes of another file.
#[tool(read_only, budget = 20_000)]
pub(crate) async fn fetch_document(
    /// Its key, as `list_documents` has it.
    #[arg(length = 1..=1_024)]
    key: &str,
    /// Where in a long text to begin, in bytes; the part before says where the next one begins.
    #[arg(default = 0)]
    offset: u64,
    documents: &Documents,
) -> Result<Contents> {
    documents.read(key).await?.into_contents(offset)
}
