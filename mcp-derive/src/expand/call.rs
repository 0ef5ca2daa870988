//! The function pointer: borrow, read what the client sent, call, reply.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::definition::{Names, ident};
use super::parts::{local, slot};
use super::{arguments, texts};
use crate::kind::Kind;
use crate::model::{Function, Place};
use crate::param::{Param, Source};

/// The closure; `clients` are the parameters that clients send, in their order.
pub(super) fn call(function: &Function<'_>, clients: &[&Param]) -> TokenStream {
    let kind = function.kind();
    let names = Names::of(kind);
    let call = local("call");
    let sent = local(match kind {
        Kind::Tool => "args",
        Kind::Resource | Kind::Prompt => "texts",
    });
    let read = ident(names.read);
    let mutable = (!clients.is_empty()).then(|| quote!(mut));
    let injects = function
        .params
        .iter()
        .enumerate()
        .filter_map(|(index, param)| inject(index, param, &call));
    let getters = clients.iter().enumerate().map(|(index, param)| match kind {
        Kind::Tool => arguments::getter(index, param, &sent),
        Kind::Resource | Kind::Prompt => texts::getter(index, param, &sent),
    });
    let slots: Vec<Ident> = (0..clients.len()).map(|index| slot("a", index)).collect();
    let run = run(function, &invoke(function, clients, &call), &names, &call);
    quote! {
        |#call| {
            #(#injects)*
            let #mutable #sent = #call.#read();
            #(#getters)*
            let (#(__mcp::Some(#slots),)* true) = (#(#slots,)* #sent.accepted()) else {
                return #sent.refuse();
            };
            #run
        }
    }
}

/// Borrows one parameter from the server, or ends the call.
fn inject(index: usize, param: &Param, call: &Ident) -> Option<TokenStream> {
    let Source::Injected { ty, optional } = &param.source else {
        return None;
    };
    let slot = slot("i", index);
    let it = local("it");
    let name = if *optional {
        "inject_optional"
    } else {
        "inject"
    };
    // At the type, which is what the server may not have.
    let method = Ident::new(name, ty.span());
    let injected = quote_spanned!(ty.span()=> #call.#method::<#ty>());
    Some(quote! {
        let #slot = match #injected {
            __mcp::Ok(#it) => #it,
            __mcp::Err(#it) => return #it.into_outcome(),
        };
    })
}

/// The function with its arguments.
fn invoke(function: &Function<'_>, clients: &[&Param], call: &Ident) -> TokenStream {
    let values = function.params.iter().enumerate().map(|(index, param)| {
        let client = clients.iter().position(|it| std::ptr::eq(*it, param));
        let Some(client) = client else {
            return slot("i", index).to_token_stream();
        };
        let slot = slot("a", client);
        match (&param.source, function.kind()) {
            (
                Source::Text {
                    optional: false, ..
                },
                Kind::Tool,
            ) => quote!(&*#slot),
            (Source::Text { optional: true, .. }, Kind::Tool) => quote!(__mcp::as_text(&#slot)),
            _ => slot.to_token_stream(),
        }
    });
    let name = &function.item.sig.ident;
    match (function.place, function.item.sig.receiver()) {
        (Place::Free, _) => quote!(#name(#(#values),*)),
        (Place::Exposed, None) => quote!(Self::#name(#(#values),*)),
        (Place::Exposed, Some(_)) => quote!(Self::#name(#call.state(), #(#values),*)),
    }
}

/// Runs the function and makes the reply.
fn run(function: &Function<'_>, invoke: &TokenStream, names: &Names, call: &Ident) -> TokenStream {
    let method = on_result(function, names.reply);
    let reply = local("reply");
    match &function.item.sig.asyncness {
        Some(asyncness) => {
            let body = quote! {
                let #reply = #method;
                #reply(__mcp::Returned(#invoke.await), #call.request())
            };
            quote_spanned!(asyncness.span=> __mcp::Outcome::later(async move { #body }))
        }
        None => quote! {
            let #reply = #method;
            __mcp::Outcome::now(#reply(__mcp::Returned(#invoke), #call.request()))
        },
    }
}

/// `Returned::<R>::method`, from the first to the last token of `R`: a type that cannot be returned
/// is then one error over the whole type, however many methods need it.
pub(super) fn on_result(function: &Function<'_>, method: &str) -> TokenStream {
    let returns = &function.returns;
    let mut spans = returns.clone().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    let last = spans.last().unwrap_or(first);
    let start = quote_spanned!(first=> __mcp::Returned::<#returns>::);
    let method = Ident::new(method, last);
    quote!(#start #method)
}
