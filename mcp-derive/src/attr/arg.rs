//! The options of `#[arg(...)]` on a parameter.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Attribute, Expr, ExprPath, ExprRange, LitStr, Meta, RangeLimits};

use super::{Seen, entries, unknown};
use crate::errors::Errors;

const KEYS: [&str; 6] = ["name", "default", "range", "length", "header", "complete"];

/// What the attributes of one parameter say.
#[derive(Default)]
pub(crate) struct ArgOptions {
    pub(crate) name: Option<LitStr>,
    pub(crate) default: Option<Default_>,
    pub(crate) range: Option<Bounds>,
    pub(crate) length: Option<Bounds>,
    pub(crate) header: Option<Header>,
    pub(crate) complete: Option<Complete>,
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

/// The function that suggests values.
pub(crate) struct Complete {
    pub(crate) key: Ident,
    pub(crate) path: ExprPath,
}

impl ArgOptions {
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut options = Self::default();
        let mut seen = Seen::default();
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
                let key = entry.key.clone();
                seen.check(&key, errors);
                match key.to_string().as_str() {
                    "name" => options.name = entry.literal(errors),
                    "default" => {
                        let value = entry.optional_expr(errors);
                        options.default = Some(Default_ { key, value });
                    }
                    "range" => {
                        options.range = entry
                            .expr(errors)
                            .and_then(|expr| bounds(key, expr, errors));
                    }
                    "length" => {
                        options.length = entry
                            .expr(errors)
                            .and_then(|expr| bounds(key, expr, errors));
                    }
                    "header" => {
                        let name = entry.literal(errors);
                        options.header = name.map(|name| Header { key, name });
                    }
                    "complete" => {
                        let path = entry.expr(errors).and_then(|expr| path(expr, errors));
                        options.complete = path.map(|path| Complete { key, path });
                    }
                    _ => unknown(&key, "arg", &KEYS, errors),
                }
            }
            options.attribute.get_or_insert_with(|| attr.clone());
        }
        options
    }
}

/// Reads the path of a function.
fn path(expr: Expr, errors: &mut Errors) -> Option<ExprPath> {
    match expr {
        Expr::Path(path) => Some(path),
        other => {
            errors.at(
                other,
                "`complete` needs the path of a function\nhelp: write `complete = tones`, where \
                 `fn tones(typed: &str) -> Vec<String>` suggests values",
            );
            None
        }
    }
}

/// Reads `a..=b`, `a..` or `..=b`.
fn bounds(key: Ident, expr: Expr, errors: &mut Errors) -> Option<Bounds> {
    let example = if key == "length" {
        "length = 1..=200"
    } else {
        "range = 1..=60"
    };
    let Expr::Range(ExprRange {
        start, end, limits, ..
    }) = expr
    else {
        errors.at(
            expr,
            format_args!("`{key}` needs a range\nhelp: write `{example}`"),
        );
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
