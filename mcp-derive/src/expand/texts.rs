//! Texts that a client sends, the arguments of a prompt or the variables of a resource: the rows of
//! their table, and how each is read.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::arguments::audit;
use super::definition::ident;
use super::parts::{default_value, docs, local, slot};
use crate::attr::arg::Function;
use crate::param::{Param, Source};

/// The rows of the table.
pub(super) fn rows(clients: &[&Param]) -> TokenStream {
    let rows = clients.iter().map(|param| {
        let name = param.wire_name();
        let docs = docs(param);
        let required = !param.is_optional() && param.options.default.is_none();
        let constructor = ident(if required { "required" } else { "optional" });
        let complete = param.options.complete.as_ref().map(complete);
        let audit = audit(param);
        quote!(__mcp::TextArg::#constructor(#name, #docs) #complete #audit)
    });
    quote!(&[#(#rows),*])
}

/// The closure has no captures, so the row stays a constant; a path that suggests nothing is an
/// error at the path.
fn complete(complete: &Function) -> TokenStream {
    let path = &complete.path;
    let (typed, completing) = (local("typed"), local("completing"));
    let suggest = quote_spanned! {path.span()=>
        __mcp::Complete::complete(&#path, #typed, #completing)
    };
    quote!(.complete(|#typed, #completing| #suggest))
}

/// Reads one text into its slot; a failure is recorded in `texts` and leaves `None`.
pub(super) fn getter(index: usize, param: &Param, texts: &Ident) -> TokenStream {
    let slot = slot("a", index);
    let at = Literal::usize_unsuffixed(index);
    let ty = &param.ty;
    let read = match (&param.source, default_value(param)) {
        (Source::Text { optional: true, .. }, _) => quote!(optional_text(#at)),
        (Source::Text { .. }, None) => quote!(text(#at)),
        (Source::Text { .. }, Some(default)) => quote!(text_or(#at, || #default)),
        (Source::Value { inner: Some(inner) }, _) => quote!(optional::<#inner>(#at)),
        (Source::Value { .. }, None) => quote!(parsed::<#ty>(#at)),
        (Source::Value { .. }, Some(default)) => quote!(parsed_or::<#ty>(#at, || #default)),
        (Source::Injected { .. }, _) => return TokenStream::new(),
    };
    quote!(let #slot = #texts.#read;)
}
