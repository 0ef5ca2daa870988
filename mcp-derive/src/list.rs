//! `tools![a, b]`: each mistake is an error at the name in the list.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Path, Token};

struct Entry {
    cfgs: Vec<Attribute>,
    tool: Path,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            cfgs: input.call(Attribute::parse_outer)?,
            tool: input.parse()?,
        })
    }
}

pub(crate) fn tools(tokens: TokenStream) -> TokenStream {
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
    let defs = entries.iter().map(|Entry { cfgs, tool }| {
        let span = Span::mixed_site().located_at(tool.span());
        quote_spanned!(span=> #(#cfgs)* list.def::<#tool>())
    });
    let list = syn::Ident::new("list", Span::mixed_site());
    quote! {
        |#list: #krate::__private::For<_>| {
            let _ = #list;
            [#(#defs),*]
        }
    }
}
