//! The options that tools, resources and prompts share.

use std::time::Duration;

use proc_macro2::Ident;
use syn::{Expr, ExprLit, ExprPath, Lit, LitStr, Path};

use super::{Entry, Flag};
use crate::errors::Errors;

pub(super) const KEYS: &[&str] = &[
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

/// What any marker can say.
#[derive(Default)]
pub(crate) struct Common {
    pub(crate) name: Option<LitStr>,
    pub(crate) title: Option<Expr>,
    pub(crate) description: Option<Expr>,
    pub(crate) icons: Vec<LitStr>,
    pub(crate) scopes: Vec<LitStr>,
    pub(crate) step_up: Option<Flag>,
    pub(crate) timeout: Option<(Ident, Duration)>,
    pub(crate) blocking: Option<Flag>,
    pub(crate) krate: Option<Path>,
}

impl Common {
    /// Takes an entry, or gives it back when its key is none of these.
    pub(crate) fn take(&mut self, entry: Entry, errors: &mut Errors) -> Option<Entry> {
        let key = entry.key.clone();
        match key.to_string().as_str() {
            "name" => self.name = entry.literal(errors),
            "title" => self.title = entry.expr(errors),
            "description" => self.description = entry.expr(errors),
            "icons" => self.icons = icons(entry, errors),
            "scopes" => self.scopes = scopes(entry, errors),
            "step_up" => self.step_up = Some(entry.flag(errors)),
            "timeout" => self.timeout = timeout(entry, errors).map(|limit| (key, limit)),
            "blocking" => self.blocking = Some(entry.flag(errors)),
            "crate" => self.krate = path(entry, errors),
            _ => return Some(entry),
        }
        None
    }
}

/// Names of scopes: the characters of RFC 6749, section 3.3, which separates them by spaces.
fn scopes(entry: Entry, errors: &mut Errors) -> Vec<LitStr> {
    let scopes = entry.strings("sales:read", errors);
    let mut seen: Vec<String> = Vec::new();
    for scope in &scopes {
        let name = scope.value();
        let wrong = |c: &char| !c.is_ascii_graphic() || matches!(c, '"' | '\\');
        if name.contains(' ') && !name.trim().is_empty() {
            let each: Vec<String> = name
                .split_whitespace()
                .map(|it| format!("{it:?}"))
                .collect();
            errors.at(
                scope,
                format_args!(
                    "a scope has no space in it\nhelp: write each by itself, `scopes({})`",
                    each.join(", ")
                ),
            );
        } else if name.trim().is_empty() {
            errors.at(
                scope,
                "a scope has a name\nhelp: write `scopes(\"sales:read\")`",
            );
        } else if let Some(found) = name.chars().find(wrong) {
            errors.at(
                scope,
                format_args!(
                    "a scope cannot contain {found:?}\nhelp: use visible ASCII characters"
                ),
            );
        } else if seen.contains(&name) {
            errors.at(
                scope,
                format_args!("`{name}` is given twice\nhelp: keep one of them"),
            );
        }
        seen.push(name);
    }
    scopes
}

/// Addresses of images that a client may load without asking: encrypted, or no address at all.
fn icons(entry: Entry, errors: &mut Errors) -> Vec<LitStr> {
    let icons = entry.strings("https://example.com/icon.png", errors);
    for icon in &icons {
        let text = icon.value();
        let begins = |with: &str| {
            text.split_at_checked(with.len())
                .is_some_and(|(start, rest)| start.eq_ignore_ascii_case(with) && !rest.is_empty())
        };
        if !begins("https://") && !begins("data:") {
            errors.at(
                icon,
                "an icon is loaded from `https:` or carried in `data:`\nhelp: write \
                 `https://...`, or the image itself as `data:image/png;base64,...`",
            );
        }
    }
    icons
}

/// A path, bare or in quotes.
pub(crate) fn path(entry: Entry, errors: &mut Errors) -> Option<Path> {
    match entry.expr(errors)? {
        Expr::Path(ExprPath { path, .. }) => Some(path),
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if text.parse::<Path>().is_ok() => text.parse().ok(),
        other => {
            errors.at(
                other,
                "`crate` needs a path\nhelp: write `crate = my_mcp_core`",
            );
            None
        }
    }
}

/// A length of time with its unit: `"500ms"`, `"30s"` or `"2m"`.
fn timeout(entry: Entry, errors: &mut Errors) -> Option<Duration> {
    let text = entry.literal(errors)?;
    let value = text.value();
    let digits = value.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = value.get(digits.len()..).unwrap_or_default();
    let limit = digits.parse::<u64>().ok().and_then(|count| match unit {
        "ms" => Some(Duration::from_millis(count)),
        "s" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_secs(count.checked_mul(60)?)),
        _ => None,
    });
    if limit.is_none_or(|limit| limit.is_zero()) {
        errors.at(
            text,
            "`timeout` needs a number above zero with its unit\nhelp: \
             write `timeout = \"30s\"`; the units are `ms`, `s` and `m`",
        );
        return None;
    }
    limit
}
