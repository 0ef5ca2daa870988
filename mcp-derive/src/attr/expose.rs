//! The options of `#[expose(...)]`.

use proc_macro2::TokenStream;
use syn::Path;

use super::{Seen, common, entries, unknown};
use crate::errors::Errors;

/// Where `mcp_core` is, if it was renamed.
pub(crate) fn krate(tokens: TokenStream, errors: &mut Errors) -> Option<Path> {
    let mut krate = None;
    let mut seen = Seen::default();
    for entry in entries(tokens, errors) {
        seen.check(&entry.key, errors);
        entry.has_key("write `#[expose]`", errors);
        if entry.key == "crate" {
            krate = common::path(entry, errors);
        } else if !entry.bare_text {
            unknown(entry, "expose", &["crate"], errors);
        }
    }
    krate
}
