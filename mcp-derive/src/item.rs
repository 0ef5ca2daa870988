//! The annotated function, with its body left unread.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Path, Safety, Signature, Visibility};

use crate::attr::arg::meant_for_arg;
use crate::kind::Kind;
use crate::param::sized;

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
        } else if input.peek(syn::token::Brace) {
            Some(input.parse()?)
        } else {
            return Err(input.error("expected `{`"));
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
        says(&self.sig.to_token_stream(), &["Self".to_owned()])
    }

    /// The `#[cfg]` attributes, which everything generated has to share.
    pub(crate) fn cfgs(&self) -> Vec<&Attribute> {
        cfgs(&self.attrs)
    }

    /// The markers among the attributes, in the order written.
    pub(crate) fn markers(&self, krate: Option<&Path>) -> Vec<(Kind, &Attribute)> {
        let attrs = self.attrs.iter();
        attrs
            .filter_map(|attr| Some((Kind::of(attr, krate)?, attr)))
            .collect()
    }

    /// The function as written, less what only the macro understands: markers, and on parameters
    /// documentation and `#[arg]`, which plain Rust does not accept there.
    pub(crate) fn cleaned(&self, krate: Option<&Path>) -> TokenStream {
        // A second marker has been reported; expanded, it would only repeat the first. So has
        // `#[arg]` on the function.
        let attrs = self
            .attrs
            .iter()
            .filter(|attr| Kind::of(attr, krate).is_none() && !attr.path().is_ident("arg"));
        let mut sig = self.sig.clone();
        clean_parameters(&mut sig);
        without_what_rustc_reports_too(&mut sig);
        // Ownership says where a parameter comes from, whatever the body does with it; the number of
        // parameters has a limit of its own; the macro refuses `const`, and its call is one.
        let allow = quote! {
            #[allow(
                clippy::missing_const_for_fn, clippy::needless_pass_by_value,
                clippy::single_call_fn, clippy::too_many_arguments,
                clippy::trivially_copy_pass_by_ref
            )]
        };
        self.emit(&quote!(#(#attrs)* #allow), &sig)
    }

    /// The function as written.
    pub(crate) fn verbatim(&self) -> TokenStream {
        let attrs = &self.attrs;
        self.emit(&quote!(#(#attrs)*), &self.sig)
    }

    fn emit(&self, attrs: &TokenStream, sig: &Signature) -> TokenStream {
        let vis = &self.vis;
        let body = match &self.body {
            Some(body) => body.to_token_stream(),
            None => quote!(;),
        };
        quote!(#attrs #vis #sig #body)
    }
}

/// Takes documentation and `#[arg]` off the parameters, and what was meant for one.
pub(crate) fn clean_parameters(sig: &mut Signature) {
    for input in &mut sig.inputs {
        let (FnArg::Receiver(syn::Receiver { attrs, .. })
        | FnArg::Typed(syn::PatType { attrs, .. })) = input;
        attrs.retain(|attr| {
            let path = attr.path();
            !path.is_ident("doc") && !path.is_ident("arg") && meant_for_arg(attr).is_none()
        });
    }
}

/// Changes what is a mistake anywhere, reported at the user's token, to what compiles.
fn without_what_rustc_reports_too(sig: &mut Signature) {
    if sig.variadic.take().is_some() {
        sig.abi = None;
        sig.safety = Safety::Default;
    }
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input {
            *typed.ty = sized(&typed.ty).into_owned();
        }
    }
}

/// The `#[cfg]` attributes among others.
pub(crate) fn cfgs(attrs: &[Attribute]) -> Vec<&Attribute> {
    let attrs = attrs.iter();
    attrs.filter(|attr| attr.path().is_ident("cfg")).collect()
}

/// Whether one of the words is among the tokens.
pub(crate) fn says(tokens: &TokenStream, words: &[String]) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Group(group) => says(&group.stream(), words),
        TokenTree::Ident(ident) => words.iter().any(|word| ident == word),
        _ => false,
    })
}
