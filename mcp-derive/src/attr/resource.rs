//! The options of `#[resource("template", ...)]` that other markers do not have.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, ExprLit, Lit, LitStr};

use super::arg::integer;
use super::{Entry, ungroup};
use crate::errors::Errors;
use crate::template::Template;

pub(super) const KEYS: &[&str] = &["mime", "size", "audience", "priority"];

/// What a resource is found by, and what its content is.
#[derive(Default)]
pub(crate) struct ResourceOptions {
    /// The template as written.
    pub(crate) uri: Option<LitStr>,
    /// The same taken apart, unless it has a mistake.
    pub(crate) template: Option<Template>,
    pub(crate) mime: Option<LitStr>,
    pub(crate) size: Option<(Ident, Expr)>,
    /// Paths to the roles.
    pub(crate) audience: Vec<TokenStream>,
    pub(crate) priority: Option<TokenStream>,
}

impl ResourceOptions {
    /// Takes the template.
    pub(crate) fn found_by(&mut self, uri: LitStr, errors: &mut Errors) {
        match Template::parse(&uri.value()) {
            Ok(template) => self.template = Some(template),
            Err(message) => errors.at(&uri, message),
        }
        self.uri = Some(uri);
    }

    /// The variables of the template, in its order.
    pub(crate) fn variables(&self) -> &[String] {
        self.template
            .as_ref()
            .map_or(&[], |template| &template.variables)
    }

    /// Takes an entry, or gives it back when its key is none of these.
    pub(crate) fn take(&mut self, entry: Entry, errors: &mut Errors) -> Option<Entry> {
        let key = entry.key.clone();
        match key.to_string().as_str() {
            "mime" => self.mime = mime(entry, errors),
            "size" => self.size = entry.expr(errors).map(|size| (key, size)),
            "audience" => self.audience = audience(entry, errors),
            "priority" => self.priority = priority(entry, errors),
            _ => return Some(entry),
        }
        None
    }
}

/// A media type: two words around a slash, perhaps with parameters.
fn mime(entry: Entry, errors: &mut Errors) -> Option<LitStr> {
    let literal = entry.literal(errors)?;
    let text = literal.value();
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    let word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_graphic() && c != '/' && c != ',')
    };
    let fits = essence
        .split_once('/')
        .is_some_and(|(kind, of)| word(kind) && word(of));
    if !fits {
        errors.at(
            &literal,
            "`mime` needs a media type\nhelp: write `mime = \"text/plain\"`",
        );
    }
    Some(literal)
}

fn audience(entry: Entry, errors: &mut Errors) -> Vec<TokenStream> {
    let mut seen: Vec<String> = Vec::new();
    let mut roles = Vec::new();
    for role in entry.strings("user", errors) {
        let name = role.value();
        match name.as_str() {
            "user" => roles.push(quote!(__mcp::Role::User)),
            "assistant" => roles.push(quote!(__mcp::Role::Assistant)),
            _ => errors.at(
                &role,
                "the audience is `user`, `assistant` or both\nhelp: write `audience(\"user\")`",
            ),
        }
        if seen.contains(&name) {
            errors.at(
                &role,
                format_args!("`{name}` is in the audience twice\nhelp: keep one of them"),
            );
        }
        seen.push(name);
    }
    roles
}

/// A literal from 0 to 1, as a number with a point.
fn priority(entry: Entry, errors: &mut Errors) -> Option<TokenStream> {
    let expr = entry.expr(errors)?;
    let value = match &expr {
        Expr::Lit(ExprLit {
            lit: Lit::Float(float),
            ..
        }) => float.base10_parse::<f64>().ok(),
        other => match integer(other) {
            Some(0) => Some(0.0),
            Some(1) => Some(1.0),
            _ => None,
        },
    };
    match value.filter(|value| (0.0..=1.0).contains(value)) {
        Some(value) => {
            let mut literal = Literal::f64_unsuffixed(value);
            literal.set_span(syn::spanned::Spanned::span(&expr));
            Some(literal.to_token_stream())
        }
        None => {
            errors.at(
                expr,
                "`priority` is a number from 0.0 to 1.0\nhelp: 1.0 is for what a client needs, \
                 0.0 for what it can do without",
            );
            None
        }
    }
}

/// The string literal that an expression is.
pub(crate) fn text_of(expr: Expr) -> Option<LitStr> {
    match ungroup(expr) {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text),
        _ => None,
    }
}
