//! What applications can read.

use mcp_core::{ResourceContents, Result, resource};

use crate::documents::Documents;

/// A document, whole. `list_documents` gives the URIs that there are.
// Three slashes, since a key is a path: what stands behind two is a host to whoever takes a URI apart.
#[resource("documents:///{+key}")]
pub(crate) async fn document(
    /// Its key, as `list_documents` has it.
    key: &str,
    documents: &Documents,
) -> Result<ResourceContents> {
    Ok(documents.read(key).await?.into_resource())
}

/// The URI of a document. `{+key}` leaves slashes as they are, and with them everything that means something
/// in a URI; here that is encoded.
pub(crate) fn uri(key: &str) -> String {
    let key = key.replace('%', "%25");
    document::uri(&key.replace('?', "%3F").replace('#', "%23"))
}
