//! `tools![a, b]`, `resources![..]` and `prompts![..]`: each mistake is an error at the name in the
//! list.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Path, Token};

use crate::errors::{Errors, written};
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
        Err(error) => {
            let text = format!(
                "a list of {kind}s has the names of functions, with commas between them\nhelp: \
                 write `{kind}s![first, second]`"
            );
            return syn::Error::new(error.span(), text).to_compile_error();
        }
    };
    let mut errors = Errors::default();
    check(kind, &entries, &mut errors);
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
    if let Some(reports) = errors.finish() {
        return quote!({ #reports |_: #krate::__private::For<_>| [] });
    }
    quote! {
        |#list: #krate::__private::For<_>| {
            let _ = #list;
            [#(#defs),*]
        }
    }
}

/// What can be seen without knowing what the names stand for.
fn check(kind: Kind, entries: &Punctuated<Entry, Token![,]>, errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    for Entry { cfgs, marker } in entries {
        let name = written(marker.to_token_stream());
        // Two conditions may exclude each other.
        if cfgs.is_empty() && seen.contains(&name) {
            errors.at(
                marker,
                format_args!("`{name}` is in the list twice\nhelp: remove one"),
            );
        }
        if cfgs.is_empty() {
            seen.push(name);
        }
        let before_last = marker.segments.iter().rev().nth(1);
        if let Some(owner) = before_last.map(|segment| segment.ident.to_string())
            && owner.starts_with(|c: char| c.is_ascii_uppercase())
        {
            errors.at(
                marker,
                format_args!(
                    "a list of {kind}s holds functions, and this is a method of `{owner}`\nhelp: put \
                     `#[expose]` on its `impl`, and `.exposed()` in place of the list"
                ),
            );
        }
    }
}
