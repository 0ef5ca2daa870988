//! The marker of a function: the type that lists and imports find under its name.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Visibility};

use super::definition::Names;
use crate::kind::Kind;

/// The hidden type that shares the function's name, in the other namespace.
///
/// `use sales::get_total` therefore imports both, and `tools![get_total]` finds the definition.
pub(super) fn ty(vis: &Visibility, name: &Ident, cfgs: &[&Attribute]) -> TokenStream {
    let span = name.span();
    quote_spanned! {span=>
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(
            dead_code, missing_debug_implementations, missing_copy_implementations,
            non_camel_case_types, unreachable_pub, clippy::exhaustive_enums,
            clippy::redundant_pub_crate
        )]
        #vis enum #name {}
    }
}

/// The trait that says what the function is.
pub(super) fn implement(
    marker: &Ident,
    kind: Kind,
    bounds: &TokenStream,
    def: &TokenStream,
) -> TokenStream {
    let names = Names::of(kind);
    let (implemented, defined) = (names.implemented(), names.def());
    quote! {
        #[automatically_derived]
        impl<__S: __mcp::Send + __mcp::Sync> __mcp::#implemented<__S> for #marker
        where
            #bounds
        {
            const DEF: __mcp::#defined<__S> = #def;
        }
    }
}

/// The same for a function whose mistake the compiler reports: should it not, using the function is
/// an error.
pub(super) fn unread(marker: &Ident, kind: Kind, why: &str) -> TokenStream {
    implement(marker, kind, &TokenStream::new(), &panic(why))
}

/// The value of a constant that is an error where it is used.
pub(super) fn panic(why: &str) -> TokenStream {
    let text = format!("the signature cannot be read: {why}");
    quote!(::core::panic!("{}", #text))
}

/// The same without a definition, for a function that has a mistake.
pub(super) fn stub(marker: &Ident, kind: Kind) -> TokenStream {
    let def = Names::of(kind).def();
    implement(
        marker,
        kind,
        &TokenStream::new(),
        &quote!(__mcp::#def::STUB),
    )
}
