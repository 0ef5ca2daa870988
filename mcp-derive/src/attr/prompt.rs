//! The options of `#[prompt(...)]`: those that every marker has.

pub(crate) const KEYS: &[&str] = &[
    "name",
    "title",
    "description",
    "icons",
    "scopes",
    "step_up",
    "timeout",
    "blocking",
    "crate",
];
