//! The options that tools, resources and prompts share.

use std::time::Duration;

use proc_macro2::Ident;
use syn::{Expr, ExprLit, ExprPath, Lit, LitStr, Path};

use super::{Entry, Flag};
use crate::errors::Errors;

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

/// Names of permissions, in the characters that OAuth has for them (RFC 6749, section 3.3).
fn scopes(entry: Entry, errors: &mut Errors) -> Vec<LitStr> {
    let scopes = entry.strings("sales:read", errors);
    for scope in &scopes {
        let text = scope.value();
        let legal = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
        if text.is_empty() || !text.bytes().all(legal) {
            errors.at(
                scope,
                "a scope has visible ASCII characters, without spaces, `\"` and `\\`\nhelp: write one \
                 scope per string, such as `scopes(\"sales:read\", \"sales:write\")`",
            );
        }
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
        }) => match text.parse() {
            Ok(path) => Some(path),
            Err(error) => {
                errors.push(error);
                None
            }
        },
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
