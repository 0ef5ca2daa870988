//! Resources: three that are at one URI each, and a template of URIs.

use mcp_core::{ResourceContents, resource};
use schemars::JsonSchema;
use serde::Serialize;

use crate::media::PNG;

/// A text that never changes.
#[resource("test://static-text", mime = "text/plain")]
pub(crate) fn static_text() -> &'static str {
    "This is the content of the static text resource."
}

/// A picture that never changes.
#[resource("test://static-binary", mime = "image/png")]
pub(crate) fn static_binary() -> ResourceContents {
    ResourceContents::binary(PNG)
}

/// A resource to subscribe to.
#[resource("test://watched-resource", mime = "text/plain")]
pub(crate) fn watched_resource() -> &'static str {
    "Subscribe to this resource to hear when it changes."
}

/// What `template_data` holds, sent as JSON.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TemplateData {
    id: String,
    data: String,
}

/// The data of one id.
#[resource("test://template/{id}/data", mime = "application/json")]
pub(crate) fn template_data(
    /// Any id.
    id: &str,
) -> TemplateData {
    TemplateData {
        id: id.to_owned(),
        data: format!("Data for ID: {id}"),
    }
}
