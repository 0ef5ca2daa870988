//! The options of `#[tool(...)]` that other markers do not have.

use super::{Entry, Flag};
use crate::errors::Errors;

pub(super) const KEYS: &[&str] = &[
    "read_only",
    "destructive",
    "idempotent",
    "open_world",
    "single_use",
];

/// What a tool does to the world.
#[derive(Default)]
pub(crate) struct ToolOptions {
    pub(crate) read_only: Option<Flag>,
    pub(crate) destructive: Option<Flag>,
    pub(crate) idempotent: Option<Flag>,
    pub(crate) open_world: Option<Flag>,
    pub(crate) single_use: Option<Flag>,
}

impl ToolOptions {
    /// Takes an entry, or gives it back when its key is none of these.
    pub(crate) fn take(&mut self, entry: Entry, errors: &mut Errors) -> Option<Entry> {
        let flag = match entry.key.to_string().as_str() {
            "read_only" => &mut self.read_only,
            "destructive" => &mut self.destructive,
            "idempotent" => &mut self.idempotent,
            "open_world" => &mut self.open_world,
            "single_use" => &mut self.single_use,
            _ => return Some(entry),
        };
        *flag = Some(entry.flag(errors));
        None
    }
}
