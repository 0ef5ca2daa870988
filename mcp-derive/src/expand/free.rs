//! `#[tool]`, `#[resource]` and `#[prompt]` on a free function: the function as written, its marker
//! type, and the definition.
//!
//! After a mistake the function and the marker are still there, the definition is a stub that
//! type-checks, and so one mistake gives one error.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::Item;
use syn::spanned::Spanned;

use super::definition::Definition;
use super::{half_typed, marker, parts, uri};
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
        Err(error) => return not_a_function(kind, args, input, error),
    };
    let mut errors = Errors::default();
    let span = Span::call_site();
    let options = Options::parse(Markup { kind, args, span }, &mut errors);
    let function = Function::new(&item, Place::Free, options, &mut errors);
    check::function(&function, &mut errors);

    // A method cannot have items beside it. Without a body this may be one of a trait, and a body
    // that says `Self` is one for certain.
    let is_method = item.sig.receiver().is_some() || item.body.is_none() || item.says_self();
    let marker = (!is_method).then(|| marker::ty(&item.vis, &item.sig.ident, &item.cfgs()));
    let cleaned = item.cleaned(function.common.krate.as_ref());
    let is_silent = errors.are_all_elsewhere();
    match errors.finish() {
        None => {
            let definition = definition(&function);
            quote!(#cleaned #marker #definition)
        }
        Some(reports) => {
            let stub = (!is_method).then(|| stub(&function, is_silent));
            let item = item.body.is_some().then_some(cleaned);
            quote!(#item #marker #stub #reports)
        }
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
                // What is not `Sync` is an error here, not in the future that holds it; of a trait
                // object, it would be two.
                let shared = quote_spanned!(ty.span()=> + __mcp::Sync);
                let is_object = ty.clone().into_iter().next();
                let is_object = matches!(is_object, Some(TokenTree::Ident(word)) if word == "dyn");
                let shared = (function.is_async() && !is_object).then_some(shared);
                Some(quote_spanned!(ty.span()=> #ty: __mcp::Inject<__S> #shared))
            }
            Source::Text { .. } | Source::Value { .. } => None,
        });
    let marker = &function.item.sig.ident;
    let bounds = quote!(#(#bounds,)*);
    let implementation = marker::implement(marker, function.kind(), &bounds, &def);
    let builder = builder(function, true);
    in_a_block(function, &quote!(#consts #builder #implementation))
}

/// Definitions that type-check for any state, for a function whose real one has mistakes: one for
/// each of its markers, so that no list misses one.
fn stub(function: &Function<'_>, is_silent: bool) -> TokenStream {
    let mut kinds = vec![function.kind()];
    for (kind, _) in function.other_markers() {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let marker = &function.item.sig.ident;
    let stubs = kinds.into_iter().map(|kind| {
        if is_silent {
            marker::unread(marker, kind, "the compiler reports why")
        } else {
            marker::stub(marker, kind)
        }
    });
    let builder = builder(function, false);
    in_a_block(function, &quote!(#builder #(#stubs)*))
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

fn not_a_function(
    kind: Kind,
    args: TokenStream,
    input: &TokenStream,
    error: syn::Error,
) -> TokenStream {
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
        Err(_) => return half_typed::function(kind, args, input, error),
    };
    let report = error.to_compile_error();
    quote!(#input #report)
}
