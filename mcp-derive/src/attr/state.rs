//! `#[state(...)]` on the struct that derives `State`, and on its fields.

use syn::{Attribute, Meta};

use super::{Entry, Seen, entries, unknown};
use crate::errors::Errors;

/// Hands over the entries of all `#[state(...)]`, of which only one key is known in each place.
pub(crate) fn options(
    attrs: &[Attribute],
    known: &str,
    errors: &mut Errors,
    mut take: impl FnMut(Entry, &mut Errors),
) {
    let mut seen = Seen::default();
    let example = if known == "crate" {
        "crate = path"
    } else {
        known
    };
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("state")) {
        let Meta::List(list) = &attr.meta else {
            errors.at(
                attr,
                format_args!("`#[state]` needs options\nhelp: write `#[state({example})]`"),
            );
            continue;
        };
        for entry in entries(list.tokens.clone(), errors) {
            seen.check(&entry.key, errors);
            entry.has_key(&format!("write `#[state({example})]`"), errors);
            if entry.key == known {
                take(entry, errors);
            } else if !entry.bare_text
                && let Some(entry) = unknown(entry, "state", &[known], errors)
            {
                take(entry, errors);
            }
        }
    }
}
