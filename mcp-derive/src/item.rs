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
    /// Whether the signature names `Self`, which only an associated function can.
    pub(crate) fn says_self(&self) -> bool {
        fn find(tokens: TokenStream) -> bool {
            tokens.into_iter().any(|token| match token {
                TokenTree::Group(group) => find(group.stream()),
                TokenTree::Ident(word) => word == "Self",
                _ => false,
            })
        }
        find(self.sig.to_token_stream())
    }

    /// The `#[cfg]` attributes, which everything generated has to share.
    pub(crate) fn cfgs(&self) -> Vec<&Attribute> {
        self.attrs
            .iter()
            .filter(|attr| attr.path().is_ident("cfg"))
            .collect()
    }
}

/// Whether the attribute is another `#[tool]`, by name or as `#[mcp_core::tool]`.
pub(crate) fn is_tool(attr: &Attribute) -> bool {
    let mut names = attr.path().segments.iter().map(|segment| &segment.ident);
    match (names.next(), names.next(), names.next()) {
        (Some(tool), None, _) => tool == "tool",
        (Some(krate), Some(tool), None) => krate == "mcp_core" && tool == "tool",
        _ => false,
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
        // A second `#[tool]` has been reported; expanded, it would only repeat the first.
        let attrs = attrs.iter().filter(|attr| !is_tool(attr));
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
