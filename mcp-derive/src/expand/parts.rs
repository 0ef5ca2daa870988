//! Small pieces that every expansion is made of.

use std::time::Duration;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Item, Lit, Path};

use crate::param::{Param, Source};

/// Items that name `mcp_core`, whatever is in scope around them.
pub(super) fn block(cfgs: &[&Attribute], krate: Option<&Path>, items: &TokenStream) -> TokenStream {
    let krate = match krate {
        Some(path) => path.to_token_stream(),
        None => quote!(::mcp_core),
    };
    quote! {
        #(#cfgs)*
        #[allow(
            deprecated, unused_imports, unused_parens, unused_qualifications,
            clippy::default_numeric_fallback, clippy::literal_string_with_formatting_args
        )]
        const _: () = {
            use #krate::__private as __mcp;
            use __mcp::PlainReturn as _;
            #items
        };
    }
}

pub(super) fn option(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(tokens) => quote!(__mcp::Some(#tokens)),
        None => quote!(__mcp::None),
    }
}

pub(super) fn duration(limit: Duration) -> TokenStream {
    let millis = Literal::u64_suffixed(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
    quote!(__mcp::Duration::from_millis(#millis))
}

/// The documentation of a parameter, empty without one.
pub(super) fn docs(param: &Param) -> TokenStream {
    match &param.docs {
        Some(docs) => docs.clone(),
        None => quote!(""),
    }
}

/// What a parameter is when the client leaves it out.
pub(super) fn default_value(param: &Param) -> Option<TokenStream> {
    let default = param.options.default.as_ref()?;
    let Some(value) = &default.value else {
        return Some(quote_spanned!(default.key.span()=> __mcp::Default::default()));
    };
    let is_text = matches!(
        value,
        Expr::Lit(ExprLit {
            lit: Lit::Str(_),
            ..
        })
    );
    Some(match &param.source {
        // A literal becomes whatever text type the parameter has.
        Source::Value { .. } if is_text => {
            quote_spanned!(value.span()=> __mcp::DefaultText::from_text(#value))
        }
        _ => value.to_token_stream(),
    })
}

/// The word that says what an item is, to report one of the wrong kind.
pub(super) fn keyword(item: &Item) -> Option<TokenTree> {
    let mut tokens = item.to_token_stream().into_iter();
    tokens.find(|token| matches!(token, TokenTree::Ident(word) if word != "pub"))
}

pub(super) fn local(name: &str) -> Ident {
    // Hygiene does not keep a user's `const call` or `static args` out of a pattern, the name does.
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

pub(super) fn slot(kind: &str, index: usize) -> Ident {
    local(&format!("{kind}{index}"))
}
