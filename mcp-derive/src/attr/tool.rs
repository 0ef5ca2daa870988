//! The options of `#[tool(...)]`.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Expr, ExprLit, ExprPath, Lit, LitStr, Path};

use super::{Entry, Seen, entries, unknown};
use crate::errors::Errors;

const KEYS: [&str; 11] = [
    "name",
    "title",
    "description",
    "read_only",
    "destructive",
    "idempotent",
    "open_world",
    "scopes",
    "timeout",
    "blocking",
    "crate",
];

/// What the attribute says, with the keys kept for their spans.
#[derive(Default)]
pub(crate) struct ToolOptions {
    pub(crate) name: Option<LitStr>,
    pub(crate) title: Option<Expr>,
    pub(crate) description: Option<Expr>,
    pub(crate) read_only: Option<Flag>,
    pub(crate) destructive: Option<Flag>,
    pub(crate) idempotent: Option<Flag>,
    pub(crate) open_world: Option<Flag>,
    pub(crate) scopes: Vec<LitStr>,
    pub(crate) timeout: Option<(Ident, Duration)>,
    pub(crate) blocking: Option<Flag>,
    pub(crate) krate: Option<Path>,
}

/// A switch and the key that set it.
pub(crate) struct Flag {
    pub(crate) key: Ident,
    pub(crate) on: bool,
}

impl ToolOptions {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let mut seen = Seen::default();
        for entry in entries(tokens, errors) {
            seen.check(&entry.key, errors);
            options.take(entry, errors);
        }
        options
    }

    fn take(&mut self, entry: Entry, errors: &mut Errors) {
        let key = entry.key.clone();
        let flag = |errors: &mut Errors| {
            let on = entry.flag(errors);
            Some(Flag {
                key: key.clone(),
                on,
            })
        };
        match key.to_string().as_str() {
            "read_only" => self.read_only = flag(errors),
            "destructive" => self.destructive = flag(errors),
            "idempotent" => self.idempotent = flag(errors),
            "open_world" => self.open_world = flag(errors),
            "blocking" => self.blocking = flag(errors),
            "name" => self.name = entry.literal(errors),
            "title" => self.title = entry.expr(errors),
            "description" => self.description = entry.expr(errors),
            "scopes" => self.scopes = entry.strings(errors),
            "timeout" => self.timeout = timeout(entry, errors).map(|limit| (key, limit)),
            "crate" => self.krate = path(entry, errors),
            _ => unknown(&key, "tool", &KEYS, errors),
        }
    }
}

/// A path, bare or in quotes.
fn path(entry: Entry, errors: &mut Errors) -> Option<Path> {
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
            text.to_token_stream(),
            "`timeout` needs a number above zero with its unit\nhelp: \
             write `timeout = \"30s\"`; the units are `ms`, `s` and `m`",
        );
        return None;
    }
    limit
}
