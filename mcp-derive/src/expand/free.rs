//! `#[tool]`, `#[resource]` and `#[prompt]` on a free function: the function as written, its marker
//! type, and the definition.
//!
//! After a mistake the function and the marker are still there, the definition is a stub that
//! type-checks, and so one mistake gives one error.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Item;
use syn::spanned::Spanned;

use super::definition::{Definition, Names};
use super::{parts, uri};
use crate::attr::options::{Markup, Options, Own};
use crate::check;
use crate::errors::Errors;
use crate::item::FnItem;
use crate::kind::Kind;
use crate::model::{Function, Place};
use crate::param::Source;

/// A function with a marker.
pub(crate) fn marked(kind: Kind, args: TokenStream, input: &TokenStream) -> TokenStream {
    let item: FnItem = match syn::parse2(input.clone()) {
        Ok(item) => item,
        Err(error) => return not_a_function(kind, input, error),
    };
    let mut errors = Errors::default();
    let span = Span::call_site();
    let options = Options::parse(Markup { kind, args, span }, &mut errors);
    let function = Function::new(&item, Place::Free, options, &mut errors);
    check::function(&function, &mut errors);

    // A method cannot have items beside it. Without a body this may be one of a trait, and a body
    // that says `Self` is one for certain.
    let is_method = item.sig.receiver().is_some() || item.body.is_none() || item.says_self();
    let marker = (!is_method).then(|| marker(&item));
    let cleaned = item.cleaned(function.common.krate.as_ref());
    match errors.finish() {
        None => {
            let definition = definition(&function);
            quote!(#cleaned #marker #definition)
        }
        Some(reports) => {
            let stub = (!is_method).then(|| stub(&function));
            let item = item.body.is_some().then_some(cleaned);
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

/// The definition proper.
fn definition(function: &Function<'_>) -> TokenStream {
    let Definition { consts, def } = Definition::new(function);
    let bounds = function
        .params
        .iter()
        .filter_map(|param| match &param.source {
            Source::Injected { ty, .. } => {
                Some(quote_spanned!(ty.span()=> #ty: __mcp::Inject<__S>))
            }
            Source::Text { .. } | Source::Value { .. } => None,
        });
    let implementation = implement(function, function.kind(), &quote!(#(#bounds,)*), &def);
    let builder = builder(function, true);
    in_a_block(function, &quote!(#consts #builder #implementation))
}

/// Definitions that type-check for any state, for a function whose real one has mistakes: one for
/// each of its markers, so that no list misses one.
fn stub(function: &Function<'_>) -> TokenStream {
    let mut kinds = vec![function.kind()];
    for (kind, _) in function.other_markers() {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let stubs = kinds.into_iter().map(|kind| {
        let def = Names::of(kind).def();
        implement(
            function,
            kind,
            &TokenStream::new(),
            &quote!(__mcp::#def::STUB),
        )
    });
    let builder = builder(function, false);
    in_a_block(function, &quote!(#builder #(#stubs)*))
}

fn implement(
    function: &Function<'_>,
    kind: Kind,
    bounds: &TokenStream,
    def: &TokenStream,
) -> TokenStream {
    let marker = &function.item.sig.ident;
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

/// The function `uri` of a resource's marker.
fn builder(function: &Function<'_>, is_correct: bool) -> Option<TokenStream> {
    let Own::Resource(options) = &function.own else {
        return None;
    };
    let marker = &function.item.sig.ident;
    let name = Ident::new("uri", marker.span());
    let builder = uri::builder(function, options, &name, is_correct);
    Some(quote!(impl #marker { #builder }))
}

fn in_a_block(function: &Function<'_>, items: &TokenStream) -> TokenStream {
    let cfgs = function.item.cfgs();
    parts::block(&cfgs, function.common.krate.as_ref(), items)
}

fn not_a_function(kind: Kind, input: &TokenStream, error: syn::Error) -> TokenStream {
    let error = match syn::parse2::<Item>(input.clone()) {
        Ok(item) => {
            let who = match kind {
                Kind::Tool => "the model may call",
                Kind::Resource => "reads the resource",
                Kind::Prompt => "writes the prompt",
            };
            let help = match &item {
                Item::Impl(_) => {
                    format!("`#[expose]` goes on an `impl`, and `#[{kind}]` on the `fn` inside it")
                }
                _ => format!("put it on the `fn` that {who}"),
            };
            syn::Error::new_spanned(
                parts::keyword(&item),
                format_args!("`#[{kind}]` goes on a function\nhelp: {help}"),
            )
        }
        Err(_) => error,
    };
    let report = error.to_compile_error();
    quote!(#input #report)
}
