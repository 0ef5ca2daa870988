//! What a resource contains.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::json;
#[cfg(feature = "redact")]
use crate::redact::Piece;

/// What reading a resource gives: text or bytes, in one part or several.
///
/// A `#[resource]` function returns it for bytes, for several parts, or for a media type that is
/// known only when it is read. Other values need no wrapper: text is sent as it is, anything else
/// that is `Serialize` and `JsonSchema` as JSON.
///
/// ```
/// use mcp_core::{ResourceContents, resource};
///
/// /// The company's logo.
/// #[resource("brand://logo", mime = "image/png")]
/// fn logo() -> ResourceContents {
///     # let png = [0x89, b'P', b'N', b'G'];
///     ResourceContents::binary(png)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ResourceContents {
    first: Part,
    more: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    uri: Option<String>,
    mime_type: Option<String>,
    data: Data,
}

#[derive(Clone, Debug)]
enum Data {
    Text(String),
    /// Already encoded.
    Base64(String),
}

impl ResourceContents {
    fn new(data: Data) -> Self {
        Self {
            first: Part {
                uri: None,
                mime_type: None,
                data,
            },
            more: Vec::new(),
        }
    }

    /// Text.
    ///
    /// ```
    /// # use mcp_core::ResourceContents;
    /// let notes = ResourceContents::text("# Notes").mime_type("text/markdown");
    /// # let _ = notes;
    /// ```
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Data::Text(text.into()))
    }

    /// Bytes. Example: [`ResourceContents`].
    pub fn binary(data: impl AsRef<[u8]>) -> Self {
        Self::new(Data::Base64(base64(data.as_ref())))
    }

    /// The media type of the part added last. Without it, the one in the resource's attribute
    /// counts; an embedded resource is `text/plain` or `application/octet-stream`. Example:
    /// [`ResourceContents::text`].
    pub fn mime_type(mut self, mime_type: impl Into<String>) -> Self {
        self.last().mime_type = Some(mime_type.into());
        self
    }

    /// The URI of the part added last. Without it, the URI that the client asked for counts.
    /// Example: [`ResourceContents::and`].
    pub fn uri(mut self, uri: impl Into<String>) -> Self {
        self.last().uri = Some(uri.into());
        self
    }

    /// Adds the parts of `other`.
    ///
    /// ```
    /// # use mcp_core::ResourceContents;
    /// let page = ResourceContents::text("<img src='logo.png'>").mime_type("text/html");
    /// let logo = ResourceContents::binary([0x89]).uri("brand://page/logo.png");
    /// let both = page.and(logo.mime_type("image/png"));
    /// # let _ = both;
    /// ```
    pub fn and(mut self, other: Self) -> Self {
        self.more.push(other.first);
        self.more.extend(other.more);
        self
    }

    fn last(&mut self) -> &mut Part {
        self.more.last_mut().unwrap_or(&mut self.first)
    }

    /// The parts of it that a redactor has to see.
    #[cfg(feature = "redact")]
    pub(crate) fn pieces<'a>(&'a mut self, out: &mut Vec<Piece<'a>>) {
        for part in std::iter::once(&mut self.first).chain(&mut self.more) {
            out.extend(part.uri.as_mut().map(Piece::Text));
            if let Data::Text(text) = &mut part.data {
                out.push(Piece::Text(text));
            }
        }
    }

    /// The texts in it, each with the media type that it has of its own.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let parts = std::iter::once(&self.first).chain(&self.more);
        parts.filter_map(|part| match &part.data {
            Data::Text(text) => Some((text.as_str(), part.mime_type.as_deref())),
            Data::Base64(_) => None,
        })
    }

    /// The text of the first part, which is the one that is embedded.
    pub(super) fn first_text_mut(&mut self) -> Option<(&mut String, Option<&str>)> {
        match &mut self.first.data {
            Data::Text(text) => Some((text, self.first.mime_type.as_deref())),
            Data::Base64(_) => None,
        }
    }

    /// Keeps the texts that `keep` says, and everything that is no text. The first part stays, perhaps
    /// empty, so that there is one.
    pub(crate) fn retain_texts(&mut self, mut keep: impl FnMut(&mut String) -> bool) {
        let mut keeps = |part: &mut Part| match &mut part.data {
            Data::Text(text) => keep(text),
            Data::Base64(_) => true,
        };
        if !keeps(&mut self.first) {
            self.first.data = Data::Text(String::new());
        }
        self.more.retain_mut(keeps);
    }

    /// Appends the parts, separated by commas.
    pub(crate) fn write(&self, uri: &str, mime_type: Option<&str>, out: &mut Vec<u8>) {
        for (index, part) in std::iter::once(&self.first).chain(&self.more).enumerate() {
            if index > 0 {
                out.push(b',');
            }
            let uri = part.uri.as_deref().unwrap_or(uri);
            part.write(uri, mime_type, out);
        }
    }

    /// Appends the first part alone, under this URI. Without a media type it says as much as is known:
    /// a message has to have one.
    pub(super) fn write_first(&self, uri: &str, out: &mut Vec<u8>) {
        let own = match self.first.data {
            Data::Text(_) => "text/plain",
            Data::Base64(_) => "application/octet-stream",
        };
        self.first.write(uri, Some(own), out);
    }
}

impl Part {
    fn write(&self, uri: &str, mime_type: Option<&str>, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"uri":"#);
        json::string(out, uri);
        if let Some(mime_type) = self.mime_type.as_deref().or(mime_type) {
            out.extend_from_slice(br#","mimeType":"#);
            json::string(out, mime_type);
        }
        match &self.data {
            Data::Text(text) => {
                out.extend_from_slice(br#","text":"#);
                json::string(out, text);
            }
            Data::Base64(data) => {
                out.extend_from_slice(br#","blob":""#);
                out.extend_from_slice(data.as_bytes());
                out.push(b'"');
            }
        }
        out.push(b'}');
    }
}

/// Bytes as the protocol sends them.
pub(crate) fn base64(data: &[u8]) -> String {
    STANDARD.encode(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    // [RSRC-3] [RSRC-5d]
    #[test]
    fn parts_keep_their_own_uri_and_type_and_take_the_rest_from_the_resource() {
        let contents = ResourceContents::text("a")
            .and(ResourceContents::binary([255]).uri("x://2"))
            .mime_type("image/png");
        let mut out = Vec::new();
        contents.write("x://1", Some("text/plain"), &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#"{"uri":"x://1","mimeType":"text/plain","text":"a"},{"uri":"x://2","mimeType":"image/png","blob":"/w=="}"#
        );
    }
}
