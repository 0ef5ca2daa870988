//! What kind of `impl` block can be exposed.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use crate::block::Block;
use crate::errors::Errors;
use crate::item::says;
use crate::model::Function;

pub(crate) fn block(block: &Block, errors: &mut Errors) {
    if let Some((path, _)) = &block.of_trait {
        errors.at(
            path,
            "`#[expose]` goes on a type's own `impl`, this one implements a trait\nhelp: write an \
             `impl` without a trait, whose methods call these",
        );
        return;
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

/// The first lifetime among the tokens that is not `'static`.
fn lifetime(tokens: TokenStream) -> Option<TokenStream> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(quote), Some(TokenTree::Ident(name)))
                if quote.as_char() == '\'' && name != "static" =>
            {
                return Some(
                    [token.clone(), TokenTree::Ident(name.clone())]
                        .into_iter()
                        .collect(),
                );
            }
            (TokenTree::Group(group), _) => {
                if let Some(found) = lifetime(group.stream()) {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    None
}
