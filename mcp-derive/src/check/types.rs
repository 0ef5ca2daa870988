//! Types of parameters that cannot be what they seem to be.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

use crate::errors::Errors;
use crate::param::{option_of, ungroup};

pub(super) fn type_of_param(ty: &Type, errors: &mut Errors) {
    if let Some(opaque) = opaque(ty) {
        errors.at(
            opaque,
            "the type of an argument must be named\nhelp: use a concrete type",
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
    let instead = match ungroup(&reference.elem) {
        Type::Slice(slice) => Some(format!("Vec<{}>", slice.elem.to_token_stream())),
        Type::Path(path) => {
            path.path
                .segments
                .last()
                .and_then(|last| match last.ident.to_string().as_str() {
                    "Vec" => {
                        Some(format!("Vec{}", last.arguments.to_token_stream()).replace(' ', ""))
                    }
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
