//! Tools that only return something: each kind of content, an error, an argument in a header.

use mcp_core::{Content, Contents, Error, ResourceContents, Result, tool};

use crate::media::{PNG, WAV};

/// Returns a text.
#[tool(read_only)]
pub(crate) fn test_simple_text() -> &'static str {
    "This is a simple text response for testing."
}

/// Returns a picture.
#[tool(read_only)]
pub(crate) fn test_image_content() -> Content {
    Content::image(PNG, "image/png")
}

/// Returns a sound.
#[tool(read_only)]
pub(crate) fn test_audio_content() -> Content {
    Content::audio(WAV, "audio/wav")
}

/// Returns a resource with its contents.
#[tool(read_only)]
pub(crate) fn test_embedded_resource() -> Content {
    let contents = ResourceContents::text("This is an embedded resource content.");
    Content::embedded("test://embedded-resource", contents.mime_type("text/plain"))
}

/// Returns a text, a picture and a resource.
#[tool(read_only)]
pub(crate) fn test_multiple_content_types() -> Contents {
    let json = ResourceContents::text(r#"{"test":"data","value":123}"#);
    Contents::new([
        Content::text("Multiple content types test:"),
        Content::image(PNG, "image/png"),
        Content::embedded(
            "test://mixed-content-resource",
            json.mime_type("application/json"),
        ),
    ])
}

/// Fails, with a text that the model reads.
#[tool(read_only)]
pub(crate) fn test_error_handling() -> Result<()> {
    Err(Error::new(
        "This tool intentionally returns an error for testing",
    ))
}

/// Repeats an argument that HTTP clients also send in the header `Mcp-Param-Region`.
#[tool(read_only)]
pub(crate) fn test_x_mcp_header(
    /// Where to run, for what stands in front of the server.
    #[arg(header = "Region")]
    region: &str,
) -> String {
    format!("Region: {region}")
}
