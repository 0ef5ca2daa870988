//! The options of `#[arg(...)]` on a parameter.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Expr, ExprPath, ExprRange, LitStr, Meta, RangeLimits};

use super::{Entry, Flag, Seen, entries, example, unknown};
use crate::errors::{Errors, nearest, written};

pub(crate) const KEYS: &[&str] = &[
    "name", "default", "range", "length", "pattern", "items", "check", "header", "complete",
    "audit",
];

const KEYS_OF_ITEMS: &[&str] = &["range", "length", "pattern"];

/// What the attributes of one parameter say.
#[derive(Default)]
pub(crate) struct ArgOptions {
    pub(crate) name: Option<LitStr>,
    pub(crate) default: Option<Default_>,
    pub(crate) range: Option<Bounds>,
    pub(crate) length: Option<Bounds>,
    pub(crate) pattern: Option<Pattern>,
    pub(crate) items: Option<Items>,
    pub(crate) check: Option<Function>,
    pub(crate) header: Option<Header>,
    pub(crate) complete: Option<Function>,
    /// Whether audit records show the value.
    pub(crate) audit: Option<Flag>,
    /// Something could not be read, so that what depends on it is not known.
    pub(crate) mistaken: bool,
    /// The first `#[arg]` attribute, to report where one does not belong.
    pub(crate) attribute: Option<Attribute>,
}

/// The value of an argument that the client leaves out.
pub(crate) struct Default_ {
    pub(crate) key: Ident,
    /// `None` stands for the type's own `Default`.
    pub(crate) value: Option<Expr>,
}

/// Inclusive bounds, either of which may be open.
pub(crate) struct Bounds {
    pub(crate) key: Ident,
    pub(crate) min: Option<Expr>,
    pub(crate) max: Option<Expr>,
}

/// The HTTP header that repeats an argument.
pub(crate) struct Header {
    pub(crate) key: Ident,
    pub(crate) name: LitStr,
}

/// A regular expression that a text has to match.
pub(crate) struct Pattern {
    pub(crate) key: Ident,
    pub(crate) text: LitStr,
}

/// What each item of a list has to be.
pub(crate) struct Items {
    pub(crate) key: Ident,
    pub(crate) range: Option<Bounds>,
    pub(crate) length: Option<Bounds>,
    pub(crate) pattern: Option<Pattern>,
}

/// A function that checks a value or suggests some.
pub(crate) struct Function {
    pub(crate) key: Ident,
    pub(crate) path: ExprPath,
}

/// What to write instead of an attribute that says something about an argument elsewhere, or would
/// if it were an option.
///
/// The compiler knows none of these on a parameter, and would say no more than that.
pub(crate) fn meant_for_arg(attr: &Attribute) -> Option<String> {
    let name = attr.path().segments.last()?.ident.to_string();
    if attr.path().is_ident("arg") {
        return None;
    }
    if let Some(option) = KEYS.iter().find(|key| **key == name) {
        return Some(format!("`#[arg({option} = ...)]`"));
    }
    let is_arg = nearest(&name, &["arg"]).is_some() || matches!(name.as_str(), "arg" | "param");
    let others = ["serde", "schemars", "garde", "validate"];
    (is_arg || others.contains(&name.as_str())).then(|| "`#[arg(...)]`".to_owned())
}

impl ArgOptions {
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let mut seen = Seen::default();
        let before = errors.count();
        for attr in attrs {
            if let Some(instead) = meant_for_arg(attr) {
                let path = attr.path();
                errors.at(
                    path,
                    format_args!(
                        "`#[{}]` says nothing about a parameter\nhelp: write {instead}; `#[arg]` \
                         accepts `{}`",
                        written(path.to_token_stream()),
                        KEYS.join("`, `")
                    ),
                );
            }
        }
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("arg")) {
            let tokens = match &attr.meta {
                Meta::List(list) => list.tokens.clone(),
                Meta::Path(_) | Meta::NameValue(_) => {
                    errors.at(
                        attr,
                        "`#[arg]` needs options\nhelp: write `#[arg(default = 12)]`",
                    );
                    continue;
                }
            };
            for entry in entries(tokens, errors) {
                entry.has_key(
                    "a `///` comment on the parameter describes it, options have a name, as in `name \
                     = \"...\"`",
                    errors,
                );
                if entry.bare_text {
                    continue;
                }
                seen.check(&entry.key, errors);
                let rest = options.take(entry, errors);
                let meant = rest.and_then(|entry| unknown(entry, "arg", KEYS, errors));
                if let Some(entry) = meant {
                    options.take(entry, errors);
                }
            }
            options.attribute.get_or_insert_with(|| attr.clone());
        }
        options.mistaken = errors.count() > before;
        options
    }

    /// Takes an entry, or gives it back when its key is none of these.
    fn take(&mut self, entry: Entry, errors: &mut Errors) -> Option<Entry> {
        let key = entry.key.clone();
        match key.to_string().as_str() {
            "name" => self.name = entry.literal(errors),
            "default" => {
                let value = entry.optional_expr(errors);
                self.default = Some(Default_ { key, value });
            }
            "range" => {
                self.range = entry
                    .expr(errors)
                    .and_then(|expr| bounds(key, expr, errors));
            }
            "length" => {
                self.length = entry
                    .expr(errors)
                    .and_then(|expr| bounds(key, expr, errors));
            }
            "pattern" => {
                let text = entry.literal(errors);
                self.pattern = text.map(|text| Pattern { key, text });
            }
            "items" => {
                let list = entry.list("range = 1..=60", errors);
                self.items = list.map(|list| items(key, list, errors));
            }
            "check" => {
                let example = "check = is_open`, where `fn is_open(day: &Day) -> Result<(), \
                               String>` says what is wrong";
                let path = entry.expr(errors).and_then(|it| path(it, example, errors));
                self.check = path.map(|path| Function { key, path });
            }
            "header" => {
                let name = entry.literal(errors);
                self.header = name.map(|name| Header { key, name });
            }
            "complete" => {
                let example = "complete = tones`, where `fn tones(typed: &str) -> Vec<String>` \
                               suggests values";
                let path = entry.expr(errors).and_then(|it| path(it, example, errors));
                self.complete = path.map(|path| Function { key, path });
            }
            "audit" => self.audit = Some(entry.flag(errors)),
            _ => return Some(entry),
        }
        None
    }
}

/// Reads what each item has to be.
fn items(key: Ident, list: TokenStream, errors: &mut Errors) -> Items {
    let mut items = Items {
        key,
        range: None,
        length: None,
        pattern: None,
    };
    let mut seen = Seen::default();
    for entry in entries(list, errors) {
        let key = entry.key.clone();
        seen.check(&key, errors);
        match key.to_string().as_str() {
            "range" => {
                items.range = entry.expr(errors).and_then(|it| bounds(key, it, errors));
            }
            "length" => {
                items.length = entry.expr(errors).and_then(|it| bounds(key, it, errors));
            }
            "pattern" => {
                let text = entry.literal(errors);
                items.pattern = text.map(|text| Pattern { key, text });
            }
            _ => {
                unknown(entry, "arg(items(..))", KEYS_OF_ITEMS, errors);
            }
        }
    }
    items
}

/// Reads the path of a function.
fn path(expr: Expr, example: &str, errors: &mut Errors) -> Option<ExprPath> {
    match expr {
        Expr::Path(path) => Some(path),
        other => {
            let key = example.split(' ').next().unwrap_or_default();
            errors.at(
                other,
                format_args!("`{key}` needs the path of a function\nhelp: write `{example}"),
            );
            None
        }
    }
}

/// Reads `a..=b`, `a..` or `..=b`.
fn bounds(key: Ident, expr: Expr, errors: &mut Errors) -> Option<Bounds> {
    let example = example(&key);
    let Expr::Range(ExprRange {
        start, end, limits, ..
    }) = unparenthesized(expr.clone())
    else {
        let help = match integer(&expr) {
            Some(only) if key == "length" => {
                format!("write `length = {only}..={only}`, or `length = ..={only}` for at most")
            }
            _ => format!("write `{example}`"),
        };
        errors.at(expr, format_args!("`{key}` needs a range\nhelp: {help}"));
        return None;
    };
    if let (Some(end), RangeLimits::HalfOpen(dots)) = (&end, &limits) {
        let last = integer(end).and_then(|end| end.checked_sub(1));
        let help = match last {
            Some(last) => format!("write `..={last}`, which names the last value allowed"),
            None => "write `..=`, which names the last value allowed".to_owned(),
        };
        errors.at(
            dots,
            format_args!("`{key}` needs an inclusive end\nhelp: {help}"),
        );
        return None;
    }
    if start.is_none() && end.is_none() {
        errors.at(
            limits.to_token_stream(),
            format_args!(
                "`{key}` is open at both ends and allows everything\nhelp: write `{example}`"
            ),
        );
        return None;
    }
    Some(Bounds {
        key,
        min: start.map(|e| *e),
        max: end.map(|e| *e),
    })
}

/// The expression inside parentheses.
fn unparenthesized(expr: Expr) -> Expr {
    match expr {
        Expr::Paren(paren) => unparenthesized(*paren.expr),
        other => other,
    }
}

/// The value of an integer literal, with its sign.
pub(crate) fn integer(expr: &Expr) -> Option<i128> {
    match expr {
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(int),
            ..
        }) => int.base10_parse().ok(),
        Expr::Unary(syn::ExprUnary {
            op: syn::UnOp::Neg(_),
            expr,
            ..
        }) => integer(expr)?.checked_neg(),
        Expr::Group(group) => integer(&group.expr),
        Expr::Paren(paren) => integer(&paren.expr),
        _ => None,
    }
}
