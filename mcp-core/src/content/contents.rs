//! Several blocks as one result.

use serde_core::Serialize;

use super::Content;
use crate::error::Error;

/// The result of a tool that is more than one value: blocks in order, and structured content if
/// there is any.
///
/// ```
/// use mcp_core::{Content, Contents, tool};
///
/// /// A chart and what it shows.
/// #[tool(read_only)]
/// fn chart() -> Contents {
///     # let png = [0x89, b'P', b'N', b'G'];
///     Contents::new([Content::text("Sales by month"), Content::image(png, "image/png")])
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Contents {
    pub(crate) blocks: Vec<Content>,
    /// An object, as JSON.
    pub(crate) structured: Option<Vec<u8>>,
}

impl Contents {
    /// These blocks. Example: [`Contents`].
    pub fn new(blocks: impl IntoIterator<Item = Content>) -> Self {
        Self {
            blocks: blocks.into_iter().collect(),
            structured: None,
        }
    }

    /// Adds structured content: a value whose JSON is an object. Clients of revisions before
    /// 2025-06-18 do not get it, so say the same in a block.
    ///
    /// A tool that returns `Contents` publishes no schema for it, unless it is a
    /// [`DynamicTool`](crate::DynamicTool) with an output schema of its own.
    ///
    /// # Errors
    ///
    /// When the value cannot be written as JSON, or its JSON is no object. The error is private.
    ///
    /// ```
    /// # use mcp_core::{Content, Contents};
    /// let degrees = std::collections::BTreeMap::from([("celsius", 21)]);
    /// let contents = Contents::new([Content::text("21 degrees")]).structured(&degrees);
    /// assert!(contents.is_ok());
    /// assert!(Contents::default().structured(&21).is_err());
    /// ```
    pub fn structured<T: Serialize + ?Sized>(mut self, value: &T) -> Result<Self, Error> {
        let json = serde_json::to_vec(value)?;
        if json.first() != Some(&b'{') {
            return Err(Error::private(
                "structured content has to be an object in JSON",
            ));
        }
        self.structured = Some(json);
        Ok(self)
    }
}

impl<C: Into<Content>> From<C> for Contents {
    fn from(block: C) -> Self {
        Self::new([block.into()])
    }
}
