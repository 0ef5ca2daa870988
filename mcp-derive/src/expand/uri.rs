//! The function that writes the URI of a resource, so that no other place repeats its template.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::attr::resource::ResourceOptions;
use crate::check::types::is_inferred;
use crate::model::Function;

/// `fn name(parameters) -> String`, with the client's parameters of the function.
///
/// For a resource with a mistake only the signature counts, so that its callers are no further
/// errors.
pub(super) fn builder(
    function: &Function<'_>,
    options: &ResourceOptions,
    name: &Ident,
    is_correct: bool,
) -> TokenStream {
    let vis = &function.item.vis;
    let params = function.params.iter().filter(|param| param.is_client());
    let params = params.map(|param| {
        let (ident, ty) = (&param.ident, &param.ty);
        if !is_correct && is_inferred(ty.clone()) {
            quote!(#ident: &str)
        } else {
            quote!(#ident: #ty)
        }
    });
    let clients = function.clients();
    // At the type, which is what does not fit if a value cannot be written.
    let values = clients.iter().map(|param| {
        let span = param.ty.span();
        let mut ident = param.ident.clone();
        ident.set_span(span.resolved_at(ident.span()));
        quote_spanned!(span=> &#ident)
    });
    let (template, values, docs) = match &options.uri {
        Some(uri) if is_correct => {
            let docs = if clients.is_empty() {
                format!(" The URI of this resource, `{}`.", uri.value())
            } else {
                format!(" The URI of one resource of `{}`.", uri.value())
            };
            (quote!(#uri), quote!(#(#values),*), docs)
        }
        _ => (quote!(""), TokenStream::new(), " A URI.".to_owned()),
    };
    quote! {
        #[doc = #docs]
        #[must_use]
        #[allow(
            dead_code, private_interfaces, unreachable_pub, unused_variables,
            clippy::needless_pass_by_value, clippy::trivially_copy_pass_by_ref
        )]
        #vis fn #name(#(#params),*) -> __mcp::String {
            __mcp::expand_uri(#template, &[#values])
        }
    }
}
