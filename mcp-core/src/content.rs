//! What results are made of: blocks of text, pictures, sound and resources.

mod annotations;
mod contents;
mod link;
mod resource_contents;

pub(crate) use annotations::write_annotations;
pub use annotations::{Annotations, Role};
pub use contents::Contents;
pub use link::ResourceLink;
pub use resource_contents::ResourceContents;

pub(crate) use resource_contents::base64;

use crate::json;
use crate::protocol::Revision;
#[cfg(feature = "redact")]
use crate::redact::Piece;

/// One block of a result or of a prompt's message ([`ContentBlock`, 2026-07-28]).
///
/// A tool returns one, or several as [`Contents`]. A block that the client's revision does not know
/// is sent as text that names it: sound before 2025-03-26, links before 2025-06-18. Nothing checks
/// a media type, nor that bytes are what it says.
///
/// ```
/// use mcp_core::{Content, tool};
///
/// /// The company's logo.
/// #[tool(read_only)]
/// fn logo() -> Content {
///     # let png = [0x89, b'P', b'N', b'G'];
///     Content::image(png, "image/png")
/// }
/// ```
///
/// [`ContentBlock`, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/schema#contentblock
#[derive(Clone, Debug)]
pub struct Content {
    kind: Kind,
    annotations: Option<Annotations>,
}

#[derive(Clone, Debug)]
enum Kind {
    Text(String),
    Image(Media),
    Audio(Media),
    Link(Box<ResourceLink>),
    Embedded(String, Box<ResourceContents>),
}

/// Bytes and what they are.
#[derive(Clone, Debug)]
struct Media {
    base64: String,
    mime_type: String,
}

impl Media {
    fn new(data: &[u8], mime_type: impl Into<String>) -> Self {
        Self {
            base64: base64(data),
            mime_type: mime_type.into(),
        }
    }

    fn write(&self, kind: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"type":""#);
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(br#"","data":""#);
        out.extend_from_slice(self.base64.as_bytes());
        out.extend_from_slice(br#"","mimeType":"#);
        json::string(out, &self.mime_type);
    }
}

impl Content {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            annotations: None,
        }
    }

    /// Text. Example: [`Contents`].
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Kind::Text(text.into()))
    }

    /// A picture, such as `image/png`. Example: [`Content`].
    pub fn image(data: impl AsRef<[u8]>, mime_type: impl Into<String>) -> Self {
        Self::new(Kind::Image(Media::new(data.as_ref(), mime_type)))
    }

    /// Sound, such as `audio/wav`.
    ///
    /// ```
    /// # use mcp_core::Content;
    /// # let wav = *b"RIFF";
    /// let greeting = Content::audio(wav, "audio/wav");
    /// # let _ = greeting;
    /// ```
    pub fn audio(data: impl AsRef<[u8]>, mime_type: impl Into<String>) -> Self {
        Self::new(Kind::Audio(Media::new(data.as_ref(), mime_type)))
    }

    /// A resource that the client can read by itself. Example: [`ResourceLink`].
    pub fn link(link: ResourceLink) -> Self {
        Self::new(Kind::Link(Box::new(link)))
    }

    /// A resource and what it contains. Only the first part of `contents` is sent; its URI is the
    /// one given here.
    ///
    /// ```
    /// # use mcp_core::{Content, ResourceContents};
    /// let log = ResourceContents::text("started").mime_type("text/plain");
    /// let block = Content::embedded("logs://web/today", log);
    /// # let _ = block;
    /// ```
    pub fn embedded(uri: impl Into<String>, contents: ResourceContents) -> Self {
        Self::new(Kind::Embedded(uri.into(), Box::new(contents)))
    }

    /// For whom the block is, and how much it matters. Example: [`Annotations`].
    pub fn annotations(mut self, annotations: Annotations) -> Self {
        self.annotations = Some(annotations);
        self
    }

    /// Whether it is text, a picture or sound.
    #[cfg(feature = "seal")]
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.kind, Kind::Text(_) | Kind::Image(_) | Kind::Audio(_))
    }

    /// The parts of it that a redactor has to see.
    #[cfg(feature = "redact")]
    pub(crate) fn pieces<'a>(&'a mut self, out: &mut Vec<Piece<'a>>) {
        match &mut self.kind {
            Kind::Text(text) => out.push(Piece::Text(text)),
            Kind::Link(link) => link.pieces(out),
            Kind::Embedded(uri, contents) => {
                out.push(Piece::Text(uri));
                contents.pieces(out);
            }
            Kind::Image(_) | Kind::Audio(_) => {}
        }
    }

    /// The text of the block that can be changed, and its media type where it has one.
    pub(crate) fn text_mut(&mut self) -> Option<(&mut String, Option<&str>)> {
        match &mut self.kind {
            Kind::Text(text) => Some((text, None)),
            Kind::Embedded(_, contents) => contents.first_text_mut(),
            Kind::Image(_) | Kind::Audio(_) | Kind::Link(_) => None,
        }
    }

    /// What a block without a text of its own tells.
    pub(crate) fn told(&self) -> String {
        match &self.kind {
            Kind::Link(link) => link.told(),
            _ => String::new(),
        }
    }

    /// The weight of all that a model reads of it.
    pub(crate) fn weight(&self, weigh: &dyn Fn(&str) -> usize) -> usize {
        match &self.kind {
            Kind::Text(text) => weigh(text),
            Kind::Embedded(_, contents) => {
                contents.texts().next().map_or(0, |(text, _)| weigh(text))
            }
            Kind::Link(link) => weigh(&link.told()),
            Kind::Image(_) | Kind::Audio(_) => 0,
        }
    }

    /// Appends the block as the revision has it.
    pub(crate) fn write(&self, revision: Revision, out: &mut Vec<u8>) {
        match &self.kind {
            Kind::Text(text) => write_text(text, out),
            Kind::Image(media) => media.write("image", out),
            Kind::Audio(media) if revision >= Revision::V2025_03_26 => media.write("audio", out),
            Kind::Audio(media) => {
                let mime_type = &media.mime_type;
                let text = format!("[sound of type {mime_type}, which this client cannot take]");
                write_text(&text, out);
            }
            Kind::Link(link) if revision >= Revision::V2025_06_18 => {
                out.extend_from_slice(br#"{"type":"resource_link","#);
                link.write(out);
            }
            Kind::Link(link) => write_text(&link.as_text(), out),
            Kind::Embedded(uri, contents) => {
                out.extend_from_slice(br#"{"type":"resource","resource":"#);
                contents.write_first(uri, out);
            }
        }
        if let Some(annotations) = &self.annotations {
            annotations.write(revision, out);
        }
        out.push(b'}');
    }
}

/// A block of text without its closing brace.
fn write_text(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(br#"{"type":"text","text":"#);
    json::string(out, text);
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<ResourceLink> for Content {
    fn from(link: ResourceLink) -> Self {
        Self::link(link)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content: &Content, revision: Revision) -> String {
        let mut out = Vec::new();
        content.write(revision, &mut out);
        String::from_utf8(out).unwrap()
    }

    // [LEG-1]
    #[test]
    fn a_block_that_a_revision_does_not_know_is_text_there() {
        let sound = Content::audio(b"RIFF", "audio/wav");
        assert_eq!(
            text(&sound, Revision::V2025_03_26),
            r#"{"type":"audio","data":"UklGRg==","mimeType":"audio/wav"}"#
        );
        assert!(text(&sound, Revision::V2024_11_05).starts_with(r#"{"type":"text""#));

        let link = Content::link(ResourceLink::new("a://b", "b").size(3));
        assert_eq!(
            text(&link, Revision::V2025_06_18),
            r#"{"type":"resource_link","uri":"a://b","name":"b","size":3}"#
        );
        assert_eq!(
            text(&link, Revision::V2025_03_26),
            r#"{"type":"text","text":"b: a://b"}"#
        );
    }

    #[test]
    fn annotations_follow_the_block() {
        let annotations = Annotations::new().audience(Role::User).priority(0.5);
        let block = Content::text("a").annotations(annotations.last_modified("2026-01-02"));
        assert_eq!(
            text(&block, Revision::V2026_07_28),
            r#"{"type":"text","text":"a","annotations":{"audience":["user"],"priority":0.5,"lastModified":"2026-01-02"}}"#
        );
        assert!(!text(&block, Revision::V2024_11_05).contains("lastModified"));
    }

    // [PRM-3c] [TOOL-10]
    #[test]
    fn an_embedded_resource_has_the_uri_of_the_block() {
        let contents = ResourceContents::binary([1, 2]).uri("x://other");
        let block = Content::embedded("x://y", contents.mime_type("image/png"));
        assert_eq!(
            text(&block, Revision::V2026_07_28),
            r#"{"type":"resource","resource":{"uri":"x://y","mimeType":"image/png","blob":"AQI="}}"#
        );
    }
}
