//! Pictures that a client may show beside a name.

use crate::json;

/// A picture of a server ([`Icon`, 2026-07-28]). Tools, resources and prompts name theirs in the
/// attribute: `icons("https://..")`. Clients of revisions before 2025-11-25 get none.
///
/// ```
/// use mcp_core::{Icon, server_info};
///
/// let icon = Icon::new("https://example.com/clock.png").mime_type("image/png").size("48x48");
/// let info = server_info!().icon(icon);
/// # let _ = info;
/// ```
///
/// [`Icon`, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/schema#icon
#[derive(Clone, Debug)]
pub struct Icon {
    src: String,
    mime_type: Option<String>,
    sizes: Vec<String>,
}

impl Icon {
    /// A picture at an `https:` or `data:` URL; [`ServerBuilder::build`] refuses others. Example:
    /// [`Icon`].
    ///
    /// [`ServerBuilder::build`]: crate::ServerBuilder::build
    pub fn new(src: impl Into<String>) -> Self {
        Self {
            src: src.into(),
            mime_type: None,
            sizes: Vec::new(),
        }
    }

    /// Its media type. Example: [`Icon`].
    pub fn mime_type(mut self, mime_type: impl Into<String>) -> Self {
        self.mime_type = Some(mime_type.into());
        self
    }

    /// Adds a size in which it looks right: `48x48`, or `any`. Example: [`Icon`].
    pub fn size(mut self, size: impl Into<String>) -> Self {
        self.sizes.push(size.into());
        self
    }

    /// Whether the picture is where pictures may be: clients load them, so nothing local.
    pub(crate) fn is_safe(&self) -> bool {
        self.src.starts_with("https://") || self.src.starts_with("data:")
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"src":"#);
        json::string(out, &self.src);
        if let Some(mime_type) = &self.mime_type {
            out.extend_from_slice(br#","mimeType":"#);
            json::string(out, mime_type);
        }
        if !self.sizes.is_empty() {
            out.extend_from_slice(br#","sizes":"#);
            json::value(out, &self.sizes);
        }
        out.push(b'}');
    }
}

/// Appends `,"icons":[..]` unless there are none.
pub(crate) fn write_icons(icons: &[Icon], out: &mut Vec<u8>) {
    write_list(icons, Icon::write, out);
}

/// The same for pictures of which only the URL is known.
pub(crate) fn write_sources(sources: &[&str], out: &mut Vec<u8>) {
    let write = |src: &&str, out: &mut Vec<u8>| {
        out.extend_from_slice(br#"{"src":"#);
        json::string(out, src);
        out.push(b'}');
    };
    write_list(sources, write, out);
}

fn write_list<T>(items: &[T], write: impl Fn(&T, &mut Vec<u8>), out: &mut Vec<u8>) {
    for (index, item) in items.iter().enumerate() {
        let before: &[u8] = if index == 0 { br#","icons":["# } else { b"," };
        out.extend_from_slice(before);
        write(item, out);
    }
    if !items.is_empty() {
        out.push(b']');
    }
}
