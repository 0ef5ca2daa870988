//! Attribute syntax: `key`, `key = expression` and `key(list)`, separated by commas.

pub(crate) mod arg;
pub(crate) mod common;
pub(crate) mod expose;
pub(crate) mod options;
pub(crate) mod prompt;
pub(crate) mod resource;
pub(crate) mod tool;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprLit, Lit, LitBool, LitStr};

use crate::errors::{Errors, nearest};

/// One entry of an attribute list.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    value: Value,
}

enum Value {
    None,
    Is(Expr),
    List(TokenStream),
}

/// Parses the list, reporting each malformed entry and going on after it.
pub(crate) fn entries(tokens: TokenStream, errors: &mut Errors) -> Vec<Entry> {
    let parse = |input: ParseStream<'_>| {
        let mut found = Vec::new();
        while !input.is_empty() {
            match entry(input) {
                Ok(entry) => found.push(entry),
                Err(error) => {
                    errors.push(error);
                    while !input.is_empty() && !input.peek(syn::Token![,]) {
                        input.parse::<proc_macro2::TokenTree>()?;
                    }
                }
            }
            if !input.is_empty() && input.parse::<syn::Token![,]>().is_err() {
                return Err(input.error("expected `,`\nhelp: separate the options by commas"));
            }
        }
        Ok(found)
    };
    parse.parse2(tokens).unwrap_or_else(|error| {
        errors.push(error);
        Vec::new()
    })
}

fn entry(input: ParseStream<'_>) -> syn::Result<Entry> {
    let key = Ident::parse_any(input).map_err(|error| {
        let text = "expected the name of an option\nhelp: write `title = \"...\"`, for example";
        syn::Error::new(error.span(), text)
    })?;
    let value = if input.peek(syn::Token![=]) {
        input.parse::<syn::Token![=]>()?;
        if input.is_empty() || input.peek(syn::Token![,]) {
            let text = format!("`{key}` needs a value\nhelp: write `{key} = ...`");
            return Err(syn::Error::new_spanned(&key, text));
        }
        Value::Is(ungroup(input.parse()?))
    } else if input.peek(syn::token::Paren) {
        let list;
        syn::parenthesized!(list in input);
        Value::List(list.parse()?)
    } else {
        Value::None
    };
    Ok(Entry { key, value })
}

/// The expression inside the invisible groups that `macro_rules!` wraps around fragments.
pub(crate) fn ungroup(expr: Expr) -> Expr {
    match expr {
        Expr::Group(group) => ungroup(*group.expr),
        other => other,
    }
}

/// The keys seen so far, to report the second of two.
#[derive(Default)]
pub(crate) struct Seen(Vec<String>);

impl Seen {
    /// Reports the key when it was given before.
    pub(crate) fn check(&mut self, key: &Ident, errors: &mut Errors) {
        let name = key.to_string();
        if self.0.contains(&name) {
            errors.at(
                key,
                format_args!("`{name}` is given twice\nhelp: keep one of them"),
            );
        }
        self.0.push(name);
    }
}

/// Reports a key that the attribute does not know.
pub(crate) fn unknown(key: &Ident, attribute: &str, known: &[&str], errors: &mut Errors) {
    let help = match nearest(&key.to_string(), known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("`#[{attribute}]` accepts `{}`", known.join("`, `")),
    };
    errors.at(key, format_args!("unknown key `{key}`\nhelp: {help}"));
}

/// A switch and the key that set it.
pub(crate) struct Flag {
    pub(crate) key: Ident,
    pub(crate) on: bool,
}

/// Whether a switch was given and is not `= false`.
pub(crate) fn is_on(flag: Option<&Flag>) -> bool {
    flag.is_some_and(|flag| flag.on)
}

impl Entry {
    /// Whether the key has no value.
    pub(crate) fn is_bare(&self) -> bool {
        matches!(self.value, Value::None)
    }

    /// `key`, `key = true` or `key = false`.
    pub(crate) fn flag(self, errors: &mut Errors) -> Flag {
        let on = match &self.value {
            Value::None => true,
            Value::Is(Expr::Lit(ExprLit {
                lit: Lit::Bool(LitBool { value, .. }),
                ..
            })) => *value,
            Value::Is(_) | Value::List(_) => {
                let key = &self.key;
                self.report(
                    format_args!("`{key}` is a switch\nhelp: write `{key}` or `{key} = false`"),
                    errors,
                );
                true
            }
        };
        Flag { key: self.key, on }
    }

    /// `key = expression`.
    pub(crate) fn expr(self, errors: &mut Errors) -> Option<Expr> {
        match self.value {
            Value::Is(expr) => Some(expr),
            Value::None | Value::List(_) => {
                let key = &self.key;
                self.report(
                    format_args!("`{key}` needs a value\nhelp: write `{key} = ...`"),
                    errors,
                );
                None
            }
        }
    }

    /// `key = "literal"`.
    pub(crate) fn literal(self, errors: &mut Errors) -> Option<LitStr> {
        match self.value {
            Value::Is(Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            })) => Some(text),
            _ => {
                let key = &self.key;
                self.report(
                    format_args!("`{key}` needs a string literal\nhelp: write `{key} = \"...\"`"),
                    errors,
                );
                None
            }
        }
    }

    /// `key`, which stands for a default, or `key = expression`.
    pub(crate) fn optional_expr(self, errors: &mut Errors) -> Option<Expr> {
        match self.value {
            Value::Is(expr) => Some(expr),
            Value::None => None,
            Value::List(_) => self.expr(errors),
        }
    }

    /// `key("a", "b")`, at least one; `example` is one.
    pub(crate) fn strings(self, example: &str, errors: &mut Errors) -> Vec<LitStr> {
        if let Value::List(list) = &self.value {
            let literals = syn::punctuated::Punctuated::<LitStr, syn::Token![,]>::parse_terminated;
            match literals.parse2(list.clone()) {
                Ok(texts) if !texts.is_empty() => return texts.into_iter().collect(),
                Ok(_) | Err(_) => {}
            }
        }
        let key = &self.key;
        self.report(
            format_args!("`{key}` needs a list of strings\nhelp: write `{key}(\"{example}\")`"),
            errors,
        );
        Vec::new()
    }

    fn report(&self, message: std::fmt::Arguments<'_>, errors: &mut Errors) {
        match &self.value {
            Value::Is(expr) => errors.at(expr, message),
            Value::List(list) if !list.is_empty() => errors.at(list.to_token_stream(), message),
            Value::None | Value::List(_) => errors.at(&self.key, message),
        }
    }
}
