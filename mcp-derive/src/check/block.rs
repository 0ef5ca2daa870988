//! What kind of `impl` block can be exposed.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;
use syn::ext::IdentExt;

use crate::block::Block;
use crate::errors::Errors;
use crate::item::says;
use crate::kind::Kind;
use crate::model::Function;
use crate::param::{bound_lifetimes, ungroup};

pub(crate) fn block(block: &Block, errors: &mut Errors) {
    if let Some((path, _)) = &block.of_trait {
        errors.at(
            path,
            "`#[expose]` goes on a type's own `impl`, this one implements a trait\nhelp: write an \
             `impl` without a trait, whose methods call these",
        );
        return;
    }
    match ungroup(&block.self_ty) {
        Type::Path(_) => {}
        // The compiler reports these: nobody but it can have an `impl` of its own for them.
        Type::Reference(_) | Type::Ptr(_) | Type::Tuple(_) | Type::Array(_) | Type::Slice(_) => {
            errors.reported_by_rustc();
            return;
        }
        other => {
            errors.at(
                other,
                "`#[expose]` goes on the `impl` of the server's state, a type with a name\nhelp: \
                 put the marked methods on the `impl` of the struct",
            );
            return;
        }
    }
    let declared = block.generics.lifetimes().next();
    let named = declared.map(|param| param.lifetime.to_token_stream());
    if let Some(lifetime) = named.or_else(|| lifetime(block.self_ty.to_token_stream())) {
        errors.at(
            lifetime,
            "the state of a server lives as long as the server, this one borrows\nhelp: own what \
             it holds, or share it in an `Arc`",
        );
    }
}

/// The bounds of an argument become a constant of their own, which cannot name its surroundings.
pub(crate) fn bounds_stand_alone(block: &Block, function: &Function<'_>, errors: &mut Errors) {
    let own = block.names_of_its_own();
    for param in function.params.iter().filter(|param| param.is_client()) {
        if let Some(range) = &param.options.range
            && says(&param.ty, &own)
        {
            errors.at(
                &range.key,
                "`range` needs a type that does not depend on the `impl`\nhelp: name the type \
                 without `Self` and without parameters of the block",
            );
        }
    }
}

/// Two of one kind and one name, which only names that are set can be: functions differ.
pub(crate) fn names_differ(functions: &[Function<'_>], errors: &mut Errors) {
    // Two conditions may exclude each other.
    let always: Vec<&Function<'_>> = functions
        .iter()
        .filter(|function| function.item.cfgs().is_empty())
        .collect();
    for (at, function) in always.iter().enumerate() {
        let (kind, name) = (function.kind(), function.wire_name());
        let is_second = always
            .iter()
            .take(at)
            .any(|first| first.kind() == kind && first.wire_name() == name);
        let idents = always
            .iter()
            .filter(|other| other.item.sig.ident == function.item.sig.ident);
        // Two functions of one name are an error of the compiler.
        if is_second && idents.count() == 1 {
            let message = format!("two {kind}s of the block are named `{name}`\nhelp: rename one");
            match &function.common.name {
                Some(literal) => errors.at(literal, message),
                None => errors.at(&function.item.sig.ident, message),
            }
        }
    }
}

/// Functions under the names that the builders of URIs have.
pub(crate) fn no_builder_is_there(block: &Block, functions: &[Function<'_>], errors: &mut Errors) {
    let resources = functions
        .iter()
        .filter(|function| function.kind() == Kind::Resource);
    for resource in resources {
        let resource = resource.item.sig.ident.unraw();
        let builder = format!("{resource}_uri");
        let there = block.functions().map(|function| &function.sig.ident);
        if let Some(there) = there.into_iter().find(|there| **there == builder) {
            errors.at(
                there,
                format_args!(
                    "`{builder}` is the function that builds the URI of the resource \
                     `{resource}`\nhelp: rename this one, or the resource's function"
                ),
            );
        }
    }
}

/// The first lifetime among the tokens that is neither `'static` nor declared among them.
pub(crate) fn lifetime(tokens: TokenStream) -> Option<TokenStream> {
    let bound = bound_lifetimes(&tokens);
    free_lifetime(tokens, &bound)
}

fn free_lifetime(tokens: TokenStream, bound: &[String]) -> Option<TokenStream> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(quote), Some(TokenTree::Ident(name)))
                if quote.as_char() == '\''
                    && name != "static"
                    && !bound.contains(&name.to_string()) =>
            {
                return Some(
                    [token.clone(), TokenTree::Ident(name.clone())]
                        .into_iter()
                        .collect(),
                );
            }
            (TokenTree::Group(group), _) => {
                if let Some(found) = free_lifetime(group.stream(), bound) {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    None
}
