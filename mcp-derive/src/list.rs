//! `tools![a, b]`, `resources![..]` and `prompts![..]`: each mistake is an error at the name in the
//! list.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Path, Token};

use crate::kind::Kind;

struct Entry {
    cfgs: Vec<Attribute>,
    marker: Path,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            cfgs: input.call(Attribute::parse_outer)?,
            marker: input.parse()?,
        })
    }
}

/// `$crate; a, b` as a closure from the registrar to the definitions.
pub(crate) fn list(kind: Kind, tokens: TokenStream) -> TokenStream {
    let parse = |input: ParseStream<'_>| {
        let krate: TokenStream = {
            let path: Path = input.parse()?;
            quote!(#path)
        };
        input.parse::<Token![;]>()?;
        Ok((
            krate,
            Punctuated::<Entry, Token![,]>::parse_terminated(input)?,
        ))
    };
    let (krate, entries) = match parse.parse2(tokens) {
        Ok(parsed) => parsed,
        Err(error) => return error.to_compile_error(),
    };
    let method = match kind {
        Kind::Tool => "def",
        Kind::Resource => "resource",
        Kind::Prompt => "prompt",
    };
    let defs = entries.iter().map(|Entry { cfgs, marker }| {
        let span = Span::mixed_site().located_at(marker.span());
        let method = Ident::new(method, span);
        quote_spanned!(span=> #(#cfgs)* list.#method::<#marker>())
    });
    let list = Ident::new("list", Span::mixed_site());
    quote! {
        |#list: #krate::__private::For<_>| {
            let _ = #list;
            [#(#defs),*]
        }
    }
}
