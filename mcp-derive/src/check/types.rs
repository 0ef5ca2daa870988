//! Types of parameters that cannot be what they seem to be.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

use super::block::lifetime;
use crate::errors::{Errors, written};
use crate::param::{is_unsized, option_of, ungroup};

pub(super) fn type_of_param(ty: &Type, errors: &mut Errors) {
    if let Some(opaque) = opaque(ty) {
        errors.at(
            opaque,
            "the type of an argument must be named\nhelp: use a concrete type",
        );
        return;
    }
    if is_inferred(ty.to_token_stream()) || matches!(ungroup(ty), Type::Never(_)) {
        errors.reported_by_rustc();
        return;
    }
    if is_unsized(ty) {
        let instead = match ungroup(ty) {
            Type::Slice(slice) => format!("`Vec<{}>`", written(slice.elem.to_token_stream())),
            Type::Path(_) => "`&str`".to_owned(),
            _ => "a reference, which the server supplies".to_owned(),
        };
        errors.at(
            ty,
            format_args!(
                "the size of `{}` is not known, a parameter has one\nhelp: take {instead}",
                written(ty.to_token_stream())
            ),
        );
        return;
    }
    if let Some(inner) = option_of(ty)
        && option_of(inner).is_some()
    {
        errors.at(
            ty,
            "an argument is there or not, `Option<Option<_>>` says more than a client can\nhelp: \
             use one `Option`",
        );
        return;
    }
    let Type::Reference(reference) = ungroup(option_of(ty).unwrap_or(ty)) else {
        return;
    };
    if let (Type::Path(path), Some(lifetime)) = (ungroup(&reference.elem), &reference.lifetime)
        && path.path.is_ident("str")
        && lifetime.ident == "static"
    {
        errors.at(
            lifetime,
            "text from the client lives as long as its request\nhelp: take `&str`, or `String` to \
             keep it",
        );
        return;
    }
    if reference.mutability.is_some() {
        errors.at(
            ty,
            "the server supplies shared references only, calls run concurrently\nhelp: use `&` \
             and interior mutability, such as a `Mutex`",
        );
        return;
    }
    if let Some(lifetime) = &reference.lifetime
        && lifetime.ident == "static"
    {
        errors.at(
            lifetime,
            "what the server lends lives as long as the call\nhelp: remove `'static`",
        );
        return;
    }
    if let Some(lifetime) = lifetime(reference.elem.to_token_stream()) {
        errors.at(
            lifetime,
            "what the server lends owns what it holds, this borrows\nhelp: write `'static` if it \
             borrows from the program itself",
        );
        return;
    }
    let instead = match ungroup(&reference.elem) {
        // The server can have a `&'static` of its own.
        Type::Reference(inner) if inner.lifetime.is_none() => {
            Some(written(inner.to_token_stream()))
        }
        Type::Slice(slice) => Some(format!("Vec<{}>", written(slice.elem.to_token_stream()))),
        Type::Path(path) => {
            path.path
                .segments
                .last()
                .and_then(|last| match last.ident.to_string().as_str() {
                    "Vec" => Some(written(last.to_token_stream())),
                    "String" => Some("&str".to_owned()),
                    "Path" | "PathBuf" => Some("PathBuf".to_owned()),
                    _ => None,
                })
        }
        _ => None,
    };
    if let Some(instead) = instead {
        errors.at(ty, format_args!(
            "a reference is supplied by the server, and this is not something it has\nhelp: take \
             `{instead}` if the client sends it"
        ));
    }
}

/// Whether part of the type is left to be inferred, which no signature can do.
pub(crate) fn is_inferred(tokens: TokenStream) -> bool {
    let mut after_quote = false;
    tokens.into_iter().any(|token| {
        let found = match &token {
            TokenTree::Group(group) => is_inferred(group.stream()),
            TokenTree::Ident(word) => word == "_" && !after_quote,
            _ => false,
        };
        after_quote = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
        found
    })
}

/// Whether there is a `&` or a `'_` that says no name of a lifetime.
pub(crate) fn has_elided_lifetime(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let found = match (&token, tokens.peek()) {
            (TokenTree::Group(group), _) => has_elided_lifetime(group.stream()),
            (TokenTree::Punct(sign), next) if sign.as_char() == '&' => {
                !matches!(next, Some(TokenTree::Punct(quote)) if quote.as_char() == '\'')
            }
            (TokenTree::Punct(sign), Some(TokenTree::Ident(name))) => {
                sign.as_char() == '\'' && name == "_"
            }
            _ => false,
        };
        if found {
            return true;
        }
    }
    false
}

/// The type itself, or the `impl` keyword inside it.
pub(super) fn opaque(ty: &Type) -> Option<TokenStream> {
    fn find(tokens: TokenStream) -> Option<TokenStream> {
        tokens.into_iter().find_map(|token| match token {
            TokenTree::Group(group) => find(group.stream()),
            TokenTree::Ident(word) if word == "impl" => Some(word.to_token_stream()),
            _ => None,
        })
    }
    match ungroup(ty) {
        Type::ImplTrait(_) => Some(ty.to_token_stream()),
        other => find(other.to_token_stream()),
    }
}
