//! The annotated function, with its body left unread.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Signature, Visibility};

/// A function whose signature is parsed and whose body is one opaque token group.
///
/// Half-typed code inside the body therefore still expands, which keeps an editor's completion
/// alive, and no time goes into parsing what the macro never looks at.
pub(crate) struct FnItem {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// `None` for a declaration that ends in `;`.
    pub(crate) body: Option<TokenTree>,
}

impl Parse for FnItem {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        let body = if input.peek(syn::Token![;]) {
            input.parse::<syn::Token![;]>()?;
            None
        } else {
            Some(input.parse()?)
        };
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

impl FnItem {
    /// The `#[cfg]` attributes, which everything generated has to share.
    pub(crate) fn cfgs(&self) -> Vec<&Attribute> {
        self.attrs
            .iter()
            .filter(|attr| attr.path().is_ident("cfg"))
            .collect()
    }
}

/// The function as written, less what only the macro understands: documentation and `#[arg]`
/// on parameters, which plain Rust does not accept there.
impl ToTokens for FnItem {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attrs,
            vis,
            sig,
            body,
        } = self;
        let mut sig = sig.clone();
        for input in &mut sig.inputs {
            let (FnArg::Receiver(syn::Receiver { attrs, .. })
            | FnArg::Typed(syn::PatType { attrs, .. })) = input;
            attrs.retain(|attr| !attr.path().is_ident("doc") && !attr.path().is_ident("arg"));
        }
        let body = body
            .as_ref()
            .map_or_else(|| quote!(;), ToTokens::to_token_stream);
        // Ownership says where a parameter comes from, whatever the body does with it.
        tokens.extend(quote! {
            #(#attrs)*
            #[allow(clippy::needless_pass_by_value, clippy::trivially_copy_pass_by_ref)]
            #vis #sig #body
        });
    }
}
