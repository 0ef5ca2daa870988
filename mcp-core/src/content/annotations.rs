//! For whom a block or a resource is, and how much it matters.

use crate::json;
use crate::protocol::Revision;

/// Whose words a message is, or for whom content is meant.
///
/// ```
/// use mcp_core::{Annotations, Role};
///
/// let for_people = Annotations::new().audience(Role::User);
/// # let _ = for_people;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The person.
    User,
    /// The model.
    Assistant,
}

impl Role {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// Hints about content ([`Annotations`, 2026-07-28]). Clients may follow them or not.
///
/// ```
/// use mcp_core::{Annotations, Content, Role};
///
/// let note = Annotations::new().audience(Role::User).priority(0.2);
/// let block = Content::text("Figures are preliminary.").annotations(note);
/// # let _ = block;
/// ```
///
/// [`Annotations`, 2026-07-28]: https://modelcontextprotocol.io/specification/2026-07-28/schema#annotations
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    audience: Vec<Role>,
    priority: Option<f64>,
    last_modified: Option<String>,
}

impl Annotations {
    /// No hints yet. Example: [`Annotations`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds somebody for whom the content is. Example: [`Annotations`].
    pub fn audience(mut self, role: Role) -> Self {
        self.audience.push(role);
        self
    }

    /// How much it matters, from 0 (not at all) to 1 (required). Values outside are moved to the
    /// nearer end. Example: [`Annotations`].
    pub fn priority(mut self, priority: f64) -> Self {
        self.priority = Some(priority.clamp(0.0, 1.0));
        self
    }

    /// When it last changed, as ISO 8601 text. Not checked. Clients of revisions before 2025-06-18
    /// do not get it.
    ///
    /// ```
    /// # use mcp_core::Annotations;
    /// let annotations = Annotations::new().last_modified("2026-07-28T09:00:00Z");
    /// # let _ = annotations;
    /// ```
    pub fn last_modified(mut self, time: impl Into<String>) -> Self {
        self.last_modified = Some(time.into());
        self
    }

    /// Appends `,"annotations":{..}`.
    pub(super) fn write(&self, revision: Revision, out: &mut Vec<u8>) {
        let last_modified = self.last_modified.as_deref();
        let last_modified = last_modified.filter(|_| revision >= Revision::V2025_06_18);
        write_annotations(&self.audience, self.priority, last_modified, out);
    }
}

/// Appends `,"annotations":{..}` unless there is nothing to say.
pub(crate) fn write_annotations(
    audience: &[Role],
    priority: Option<f64>,
    last_modified: Option<&str>,
    out: &mut Vec<u8>,
) {
    let mut separator: &[u8] = br#","annotations":{"#;
    if !audience.is_empty() {
        out.extend_from_slice(separator);
        out.extend_from_slice(br#""audience":"#);
        let roles: Vec<&str> = audience.iter().map(|role| role.as_str()).collect();
        json::value(out, &roles);
        separator = b",";
    }
    if let Some(priority) = priority {
        out.extend_from_slice(separator);
        out.extend_from_slice(br#""priority":"#);
        json::value(out, &priority);
        separator = b",";
    }
    if let Some(time) = last_modified {
        out.extend_from_slice(separator);
        out.extend_from_slice(br#""lastModified":"#);
        json::string(out, time);
        separator = b",";
    }
    if separator == b"," {
        out.push(b'}');
    }
}
