//! A pointer to a resource.

use crate::json;
#[cfg(feature = "redact")]
use crate::redact::Piece;

/// A resource that a client may read or subscribe to, as a block of a result ([`ResourceLink`,
/// 2026-07-28]).
///
/// The link need not be in `resources/list`. Clients of revisions before 2025-06-18 get its name
/// and URI as text.
///
/// ```
/// use mcp_core::{Content, ResourceLink, tool};
///
/// /// Where the report of a year is.
/// #[tool(read_only)]
/// fn find_report(
///     /// The year.
///     year: u16,
/// ) -> Content {
///     let link = ResourceLink::new(format!("reports://{year}"), "report");
///     link.mime_type("application/pdf").into()
/// }
/// ```
///
/// [`ResourceLink`, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/schema#resourcelink
#[derive(Clone, Debug)]
pub struct ResourceLink {
    uri: String,
    name: String,
    title: Option<String>,
    description: Option<String>,
    mime_type: Option<String>,
    size: Option<u64>,
}

impl ResourceLink {
    /// A link to `uri`. A resource's marker builds one: `customer_summary::uri("C-1001")`. Example:
    /// [`ResourceLink`].
    pub fn new(uri: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            uri: uri.into(),
            name: name.into(),
            title: None,
            description: None,
            mime_type: None,
            size: None,
        }
    }

    /// The name that people read.
    ///
    /// ```
    /// # use mcp_core::ResourceLink;
    /// let link = ResourceLink::new("reports://2025", "report").title("Annual report");
    /// # let _ = link.description("Figures of the year, audited.");
    /// ```
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// What the resource holds. Example: [`ResourceLink::title`].
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Its media type. Example: [`ResourceLink`].
    pub fn mime_type(mut self, mime_type: impl Into<String>) -> Self {
        self.mime_type = Some(mime_type.into());
        self
    }

    /// Its size in bytes, before any encoding.
    ///
    /// ```
    /// # use mcp_core::ResourceLink;
    /// let link = ResourceLink::new("reports://2025", "report").size(81_234);
    /// # let _ = link;
    /// ```
    pub fn size(mut self, bytes: u64) -> Self {
        self.size = Some(bytes);
        self
    }

    /// For clients that know no links.
    pub(super) fn as_text(&self) -> String {
        let name = self.title.as_deref().unwrap_or(&self.name);
        format!("{name}: {}", self.uri)
    }

    /// The parts of it that a redactor has to see.
    #[cfg(feature = "redact")]
    pub(super) fn pieces<'a>(&'a mut self, out: &mut Vec<Piece<'a>>) {
        let texts = [Some(&mut self.uri), Some(&mut self.name)].into_iter();
        let texts = texts.chain([self.title.as_mut(), self.description.as_mut()]);
        out.extend(texts.flatten().map(Piece::Text));
    }

    /// Everything that it tells a model.
    pub(super) fn told(&self) -> String {
        let mut told = self.as_text();
        for text in [Some(&self.name), self.description.as_ref()]
            .into_iter()
            .flatten()
        {
            told.push('\n');
            told.push_str(text);
        }
        told
    }

    /// The fields of a link, without braces.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#""uri":"#);
        json::string(out, &self.uri);
        let texts = [
            ("name", Some(&self.name)),
            ("title", self.title.as_ref()),
            ("description", self.description.as_ref()),
            ("mimeType", self.mime_type.as_ref()),
        ];
        for (key, text) in texts {
            let Some(text) = text else { continue };
            out.push(b',');
            json::string(out, key);
            out.push(b':');
            json::string(out, text);
        }
        if let Some(size) = self.size {
            out.extend_from_slice(br#","size":"#);
            json::value(out, &size);
        }
    }
}
