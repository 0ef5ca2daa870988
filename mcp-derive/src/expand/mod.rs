//! From the annotated function to the tokens that replace it.

#[cfg(test)]
mod snapshots;
mod tool;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use crate::attr::tool::ToolOptions;
use crate::check;
use crate::errors::Errors;
use crate::item::FnItem;
use crate::model::Tool;

/// `#[tool]`: the function as written, its marker type, and the definition.
///
/// After a mistake the function and the marker are still there, the definition is a stub that
/// type-checks, and so one mistake gives one error.
pub(crate) fn tool(args: TokenStream, input: &TokenStream) -> TokenStream {
    let item: FnItem = match syn::parse2(input.clone()) {
        Ok(item) => item,
        Err(error) => return not_a_function(input, error),
    };
    let mut errors = Errors::default();
    let options = ToolOptions::parse(args, &mut errors);
    let model = Tool::new(&item, options, &mut errors);
    check::tool(&model, &mut errors);

    // A method cannot have items beside it. Without a body this may be one of a trait, and a body
    // that says `Self` is one for certain.
    let is_method = item.sig.receiver().is_some() || item.body.is_none() || item.says_self();
    let marker = (!is_method).then(|| marker(&item));
    match errors.finish() {
        None => {
            let definition = tool::definition(&model);
            quote!(#item #marker #definition)
        }
        Some(reports) => {
            let stub = (!is_method).then(|| tool::stub(&model));
            let item = item.body.is_some().then_some(&item);
            quote!(#item #marker #stub #reports)
        }
    }
}

/// The hidden type that shares the function's name, in the other namespace.
///
/// `use sales::get_total` therefore imports both, and `tools![get_total]` finds the definition.
fn marker(item: &FnItem) -> TokenStream {
    let FnItem { vis, sig, .. } = item;
    let cfgs = item.cfgs();
    let name: &Ident = &sig.ident;
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

fn not_a_function(input: &TokenStream, error: syn::Error) -> TokenStream {
    let error = match syn::parse2::<syn::Item>(input.clone()) {
        Ok(item) => {
            let keyword = quote!(#item)
                .into_iter()
                .filter(|token| matches!(token, proc_macro2::TokenTree::Ident(_)))
                .find(|token| token.to_string() != "pub");
            syn::Error::new_spanned(
                keyword,
                "`#[tool]` goes on a function\nhelp: put it on the `fn` that the model may call",
            )
        }
        Err(_) => error,
    };
    let report = error.to_compile_error();
    quote!(#input #report)
}
