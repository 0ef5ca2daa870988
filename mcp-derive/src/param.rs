//! One parameter, and where its value comes from.

use std::borrow::Cow;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{GenericArgument, Pat, PathArguments, Type, parse_quote_spanned};

use crate::attr::arg::ArgOptions;
use crate::docs;
use crate::errors::Errors;

/// One parameter.
pub(crate) struct Param {
    /// The identifier as the function names it.
    pub(crate) ident: Ident,
    /// The type, lifetimes made inferable.
    pub(crate) ty: TokenStream,
    pub(crate) source: Source,
    pub(crate) options: ArgOptions,
    pub(crate) docs: Option<TokenStream>,
}

/// Where the value of a parameter comes from.
pub(crate) enum Source {
    /// `&str` or `Option<&str>`: text that borrows from the request.
    Text { optional: bool, span: Span },
    /// An owned type: decoded from what the client sends. `inner` is the `T` of an `Option<T>`.
    Value { inner: Option<TokenStream> },
    /// Any other reference: supplied by the server.
    Injected { ty: TokenStream, optional: bool },
}

impl Param {
    /// The name that the client sends.
    pub(crate) fn wire_name(&self) -> String {
        match &self.options.name {
            Some(name) => name.value(),
            None => self.ident.unraw().to_string(),
        }
    }

    pub(crate) fn is_client(&self) -> bool {
        !matches!(self.source, Source::Injected { .. })
    }

    /// Whether the function can do without the value.
    pub(crate) fn is_optional(&self) -> bool {
        match &self.source {
            Source::Text { optional, .. } | Source::Injected { optional, .. } => *optional,
            Source::Value { inner } => inner.is_some(),
        }
    }
}

pub(crate) fn param(typed: &syn::PatType, errors: &mut Errors) -> Option<Param> {
    for attr in &typed.attrs {
        if attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr") {
            errors.at(
                attr,
                "a parameter cannot be conditional, clients are told of all of them\nhelp: put the \
                 `#[cfg]` on two versions of the function",
            );
        }
    }
    let options = ArgOptions::parse(&typed.attrs, errors);
    let ident = match &*typed.pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => name.ident.clone(),
        Pat::Wild(wild) => {
            errors.at(
                wild,
                "the name of a parameter is what the model sees, `_` is none\nhelp: name it, and \
                 start its use in the body with `let _ =` if it is unused",
            );
            return None;
        }
        other => {
            errors.at(
                other,
                "an argument needs a name\nhelp: take one argument per value, or a struct",
            );
            return None;
        }
    };
    let docs = docs::text(&typed.attrs);
    let ty = sized(&typed.ty);
    Some(Param {
        ident,
        ty: infer_lifetimes(ty.to_token_stream()),
        source: source(&ty),
        options,
        docs,
    })
}

/// The type, or a reference to it where only that can be passed. The mistake is reported where the
/// types of parameters are checked.
pub(crate) fn sized(ty: &Type) -> Cow<'_, Type> {
    if is_unsized(ty) {
        Cow::Owned(parse_quote_spanned!(ty.span()=> &#ty))
    } else {
        Cow::Borrowed(ty)
    }
}

/// Whether a value of the type has no size, by its form.
pub(crate) fn is_unsized(ty: &Type) -> bool {
    match ungroup(ty) {
        Type::Slice(_) | Type::TraitObject(_) => true,
        Type::Path(path) => path.path.is_ident("str"),
        _ => false,
    }
}

/// A reference to `str` is text from the client, any other reference is injected, everything
/// else is decoded from the client's arguments.
fn source(ty: &Type) -> Source {
    let (inner, optional) = match option_of(ty) {
        Some(inner) => (inner, true),
        None => (ty, false),
    };
    match ungroup(inner) {
        Type::Reference(reference) => match ungroup(&reference.elem) {
            Type::Path(path) if path.path.is_ident("str") => Source::Text {
                optional,
                span: reference.span(),
            },
            elem => Source::Injected {
                ty: infer_lifetimes(elem.to_token_stream()),
                optional,
            },
        },
        _ => Source::Value {
            inner: optional.then(|| infer_lifetimes(inner.to_token_stream())),
        },
    }
}

/// `T` of `Option<T>`, by the last segment of the path.
pub(crate) fn option_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ungroup(ty) else {
        return None;
    };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match (last.ident == "Option", arguments.args.first()) {
        (true, Some(GenericArgument::Type(inner))) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

/// The type inside invisible groups, which `macro_rules!` wraps around `$ty` fragments, and
/// inside parentheses.
pub(crate) fn ungroup(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungroup(&group.elem),
        Type::Paren(paren) => ungroup(&paren.elem),
        other => other,
    }
}

/// Replaces named lifetimes by `'_`: the expansion mentions these types outside the function
/// that declares the names. Those that `for<..>` declares stay.
pub(crate) fn infer_lifetimes(tokens: TokenStream) -> TokenStream {
    let bound = bound_lifetimes(&tokens);
    infer(tokens, &bound)
}

fn infer(tokens: TokenStream, bound: &[String]) -> TokenStream {
    let mut out = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(quote), Some(TokenTree::Ident(name)))
                if quote.as_char() == '\''
                    && name != "static"
                    && !bound.contains(&name.to_string()) =>
            {
                let span = quote.span();
                tokens.next();
                out.extend(quote_spanned!(span=> '_));
            }
            (TokenTree::Group(group), _) => {
                let mut inner =
                    proc_macro2::Group::new(group.delimiter(), infer(group.stream(), bound));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            _ => out.extend([token]),
        }
    }
    out
}

/// The lifetimes that a type declares itself, as in `for<'a> Fn(&'a str)`.
pub(crate) fn bound_lifetimes(tokens: &TokenStream) -> Vec<String> {
    let mut names = Vec::new();
    let (mut after_for, mut inside) = (false, false);
    for token in tokens.clone() {
        match &token {
            TokenTree::Group(group) => names.extend(bound_lifetimes(&group.stream())),
            TokenTree::Ident(name) if inside => names.push(name.to_string()),
            TokenTree::Punct(punct) => match punct.as_char() {
                '<' => inside = after_for,
                '>' => inside = false,
                _ => {}
            },
            _ => {}
        }
        after_for = matches!(&token, TokenTree::Ident(word) if word == "for");
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;
    use syn::parse_quote;

    #[test]
    fn sources_follow_ownership() {
        let text = |ty: Type| {
            matches!(
                source(&ty),
                Source::Text {
                    optional: false,
                    ..
                }
            )
        };
        assert!(text(parse_quote!(&str)));
        assert!(text(parse_quote!(&'a str)));
        assert!(matches!(
            source(&parse_quote!(Option<&str>)),
            Source::Text { optional: true, .. }
        ));
        assert!(matches!(
            source(&parse_quote!(u32)),
            Source::Value { inner: None }
        ));
        assert!(matches!(
            source(&parse_quote!(Option<u32>)),
            Source::Value { inner: Some(_) }
        ));
        assert!(matches!(
            source(&parse_quote!(&SalesDb)),
            Source::Injected {
                optional: false,
                ..
            }
        ));
        assert!(matches!(
            source(&parse_quote!(std::option::Option<&Caller>)),
            Source::Injected { optional: true, .. }
        ));
    }

    #[test]
    fn named_lifetimes_become_inferred_and_static_stays() {
        let tokens = infer_lifetimes(quote!(Filter<'a, &'static str, (&'b u8,)>)).to_string();
        let expected = quote!(Filter<'_, &'static str, (&'_ u8,)>).to_string();
        assert_eq!(tokens, expected);
        let own = quote!((dyn for<'a> Fn(&'a str) -> &'b str));
        let expected = quote!((dyn for<'a> Fn(&'a str) -> &'_ str)).to_string();
        assert_eq!(infer_lifetimes(own).to_string(), expected);
    }
}
