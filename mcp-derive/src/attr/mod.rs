//! Attribute syntax: `key`, `key = expression` and `key(list)`, separated by commas.

pub(crate) mod arg;
pub(crate) mod common;
pub(crate) mod expose;
pub(crate) mod options;
pub(crate) mod resource;
pub(crate) mod state;
pub(crate) mod tool;
mod words;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, ExprLit, Lit, LitBool, LitStr};

use crate::errors::{Errors, written};

/// One entry of an attribute list.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    value: Value,
    /// The key was missing: this is text by itself, taken for a description.
    bare_text: bool,
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
                    to_comma(input)?;
                }
            }
            if !input.is_empty() && !input.peek(syn::Token![,]) {
                errors.push(no_comma(input, &mut found));
                to_comma(input)?;
            }
            if !input.is_empty() {
                input.parse::<syn::Token![,]>()?;
            }
        }
        Ok(found)
    };
    parse.parse2(tokens).unwrap_or_else(|error| {
        errors.push(error);
        Vec::new()
    })
}

fn to_comma(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(syn::Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

/// What is wrong where an entry goes on without a comma.
fn no_comma(input: ParseStream<'_>, found: &mut Vec<Entry>) -> syn::Error {
    match found.pop() {
        Some(entry) if entry.is_bare() && (input.peek(Lit) || needs_value(&entry.key)) => input
            .error(format_args!(
                "an option and its value have `=` between them\nhelp: write `{}`",
                example(&entry.key)
            )),
        entry => {
            found.extend(entry);
            input.error("expected `,`\nhelp: separate the options by commas")
        }
    }
}

fn entry(input: ParseStream<'_>) -> syn::Result<Entry> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok(Entry {
            key: Ident::new("description", text.span()),
            value: Value::Is(Expr::Lit(ExprLit {
                attrs: Vec::new(),
                lit: Lit::Str(text),
            })),
            bare_text: true,
        });
    }
    let key = Ident::parse_any(input).map_err(|error| {
        let text = "expected the name of an option\nhelp: write `title = \"...\"`, for example";
        syn::Error::new(error.span(), text)
    })?;
    if input.peek(syn::Token![:]) && !input.peek(syn::Token![::]) {
        let text = format!(
            "an option and its value have `=` between them\nhelp: write `{}`",
            example(&key)
        );
        return Err(input.error(text));
    }
    let value = if input.peek(syn::Token![=]) {
        input.parse::<syn::Token![=]>()?;
        if input.is_empty() || input.peek(syn::Token![,]) {
            let text = format!("`{key}` needs a value\nhelp: write `{}`", example(&key));
            return Err(syn::Error::new_spanned(&key, text));
        }
        let value = input.parse().map_err(|error: syn::Error| {
            let text = format!("{error}\nhelp: write `{}`", example(&key));
            if input.is_empty() {
                // The end of a list is nowhere in the user's code.
                syn::Error::new_spanned(&key, text)
            } else {
                syn::Error::new(error.span(), text)
            }
        })?;
        Value::Is(ungroup(value))
    } else if input.peek(syn::token::Paren) {
        let list;
        syn::parenthesized!(list in input);
        Value::List(list.parse()?)
    } else {
        Value::None
    };
    Ok(Entry {
        key,
        value,
        bare_text: false,
    })
}

/// Whether the option is no switch.
fn needs_value(key: &Ident) -> bool {
    const KEYS: [&str; 11] = [
        "name",
        "title",
        "description",
        "icons",
        "timeout",
        "crate",
        "mime",
        "range",
        "length",
        "header",
        "complete",
    ];
    KEYS.iter().any(|name| key == name)
}

/// How an option with a value is written.
fn example(key: &Ident) -> String {
    let value = match key.to_string().as_str() {
        "range" => "1..=60",
        "length" => "1..=200",
        "timeout" => "\"30s\"",
        "name" | "title" | "description" | "header" | "mime" => "\"...\"",
        _ => "...",
    };
    format!("{key} = {value}")
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

/// Reports a key that the attribute does not know, and gives the entry back under the key that was
/// meant, so that what is missing for want of it is no second error.
pub(crate) fn unknown(
    entry: Entry,
    attribute: &str,
    known: &[&str],
    errors: &mut Errors,
) -> Option<Entry> {
    let key = &entry.key;
    let (meant, help) = match words::meant(&key.to_string(), attribute, known) {
        words::Meant::Key(name) => (Some(name), format!("did you mean `{name}`?")),
        words::Meant::Said(how) => (None, how.to_owned()),
        words::Meant::Nothing => (
            None,
            format!("`#[{attribute}]` accepts `{}`", known.join("`, `")),
        ),
    };
    errors.at(key, format_args!("unknown key `{key}`\nhelp: {help}"));
    meant.map(|name| Entry {
        key: Ident::new(name, key.span()),
        ..entry
    })
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
    /// Reports text by itself, which is then a description.
    fn has_key(&self, help: &str, errors: &mut Errors) {
        if self.bare_text {
            self.report(
                format_args!("text by itself is not an option\nhelp: {help}"),
                errors,
            );
        }
    }

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
                let help = self.as_value().unwrap_or_else(|| example(key));
                self.report(
                    format_args!("`{key}` needs a value\nhelp: write `{help}`"),
                    errors,
                );
                None
            }
        }
    }

    /// `key = value` for what was written as `key(value)`.
    fn as_value(&self) -> Option<String> {
        let Value::List(list) = &self.value else {
            return None;
        };
        let value: Expr = syn::parse2(list.clone()).ok()?;
        let fits = !matches!(self.key.to_string().as_str(), "range" | "length")
            || matches!(value, Expr::Range(_));
        let is_one = !matches!(value, Expr::Assign(_));
        (fits && is_one).then(|| format!("{} = {}", self.key, written(list.clone())))
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
                let help = match &self.value {
                    Value::List(list) if syn::parse2::<LitStr>(list.clone()).is_ok() => {
                        self.as_value()
                    }
                    _ => None,
                };
                let help = help.unwrap_or_else(|| format!("{key} = \"...\""));
                self.report(
                    format_args!("`{key}` needs a string literal\nhelp: write `{help}`"),
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

    /// `key(...)`.
    pub(crate) fn list(self, example: &str, errors: &mut Errors) -> Option<TokenStream> {
        if let Value::List(list) = self.value {
            return Some(list);
        }
        let key = &self.key;
        self.report(
            format_args!("`{key}` needs a list of options\nhelp: write `{key}({example})`"),
            errors,
        );
        None
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
