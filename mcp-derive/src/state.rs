//! `#[derive(State)]`: each field of the server state can be injected by reference.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, GenericArgument, Member, PathArguments, Type};

use crate::attr::{self, common};
use crate::check::lifetime;
use crate::check::types::{has_elided_lifetime, is_inferred};
use crate::errors::{Errors, written};
use crate::item::says;
use crate::param::{is_unsized, ungroup};

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        // The compiler has read the struct before, and has reported what is wrong.
        Err(_) => return TokenStream::new(),
    };
    let mut errors = Errors::default();
    let krate = core_path(&input, &mut errors);
    let providers = providers(&input, &mut errors);
    // One error at a field that is not, where the bounds of `State` would give two at the struct.
    let shared = match &input.data {
        Data::Struct(data) => data
            .fields
            .iter()
            .map(|field| &field.ty)
            .filter(|ty| !is_wrong_anyway(ty))
            .map(shared)
            .collect(),
        Data::Enum(_) | Data::Union(_) => Vec::new(),
    };
    let state = &input.ident;
    let reports = errors.finish();
    if has_no_size(&input.data) {
        return quote!(#reports);
    }
    // A generic state is reported and gets no impl: it could not be named without its arguments.
    let impls = input.generics.params.is_empty().then(|| {
        quote! {
            #[allow(unused_qualifications)]
            const _: () = {
                use #krate::__private as __mcp;
                #[automatically_derived]
                impl __mcp::State for #state
                where
                    #(#shared,)*
                {}
                #[automatically_derived]
                impl __mcp::Inject<#state> for #state {
                    fn inject<'c>(
                        __call: __mcp::Call<'c, #state>,
                    ) -> __mcp::Result<&'c Self, __mcp::Refusal> {
                        __mcp::Ok(__call.state())
                    }
                }
                #(#providers)*
            };
        }
    });
    quote!(#impls #reports)
}

/// Whether a field has none, which has been reported; no impl could say anything else.
fn has_no_size(data: &Data) -> bool {
    match data {
        Data::Struct(data) => data.fields.iter().any(|field| is_unsized(&field.ty)),
        Data::Enum(_) | Data::Union(_) => false,
    }
}

fn providers(input: &DeriveInput, errors: &mut Errors) -> Vec<TokenStream> {
    let Data::Struct(data) = &input.data else {
        errors.at(
            &input.ident,
            "the server state is a struct, its fields are what tools can borrow\nhelp: put this \
             type in a field of a struct",
        );
        return Vec::new();
    };
    if !input.generics.params.is_empty() {
        errors.at(
            &input.generics,
            "a generic state cannot be derived\nhelp: name the type, or use `Box<dyn Trait>`",
        );
        return Vec::new();
    }
    let mut known: Vec<String> = vec![input.ident.to_string()];
    let mut impls = Vec::new();
    for (field, member) in data.fields.iter().zip(data.fields.members()) {
        if skipped(field, errors) {
            continue;
        }
        let ty = ungroup(&field.ty);
        if is_unsized(ty) {
            let text = written(ty.to_token_stream());
            errors.at(
                ty,
                format_args!(
                    "the size of `{text}` is not known, a field has one\nhelp: write `Box<{text}>`"
                ),
            );
        }
        if is_wrong_anyway(ty) {
            continue;
        }
        let mut provided = vec![(ty.clone(), quote!(&__call.state().#member))];
        if let Some(inner) = pointee(ty) {
            provided.push((inner.clone(), quote!(&*__call.state().#member)));
            if let Some(plain) = without_auto_traits(inner) {
                provided.push((plain, quote!(&*__call.state().#member)));
            }
        }
        for (ty, value) in provided {
            let text = ty.to_token_stream().to_string();
            if known.contains(&text) {
                report_twice(field, &member, &written(ty.to_token_stream()), errors);
                continue;
            }
            known.push(text);
            impls.push(provider(&input.ident, &ty, &value));
        }
    }
    impls
}

/// Whether the compiler reports the field in any case, and would once more for each mention.
fn is_wrong_anyway(ty: &Type) -> bool {
    let tokens = ty.to_token_stream();
    is_unsized(ty)
        || is_inferred(tokens.clone())
        || has_elided_lifetime(tokens.clone())
        || lifetime(tokens.clone()).is_some()
        || says(&tokens, &["impl".to_owned()])
}

fn shared(ty: &Type) -> TokenStream {
    let mut spans = ty.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(proc_macro2::Span::call_site);
    quote_spanned!(first=> #ty: __mcp::Send + __mcp::Sync)
}

fn provider(state: &syn::Ident, ty: &Type, value: &TokenStream) -> TokenStream {
    let body = quote! {
        fn inject<'c>(
            __call: __mcp::Call<'c, #state>,
        ) -> __mcp::Result<&'c Self, __mcp::Refusal> {
            __mcp::Ok(#value)
        }
    };
    quote_spanned! {ty.span()=>
        #[automatically_derived]
        impl __mcp::Inject<#state> for #ty {
            #body
        }
    }
}

fn report_twice(field: &Field, member: &Member, ty: &str, errors: &mut Errors) {
    let name = match member {
        Member::Named(name) => format!("field `{name}`"),
        Member::Unnamed(index) => format!("field {}", index.index),
    };
    errors.at(&field.ty, format_args!(
        "{name} is a second `{ty}`, a tool could not say which it borrows\nhelp: wrap one of them \
         in a struct of its own, or leave one out with `#[state(skip)]`"
    ));
}

/// Where `mcp_core` is: `#[state(crate = path)]` on the struct says so when it was renamed.
fn core_path(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let mut path = None;
    attr::state::options(&input.attrs, "crate", errors, |entry, errors| {
        path = common::path(entry, errors);
    });
    match path {
        Some(path) => path.to_token_stream(),
        None => quote!(::mcp_core),
    }
}

/// Whether the field carries `#[state(skip)]`.
fn skipped(field: &Field, errors: &mut Errors) -> bool {
    let mut skip = false;
    attr::state::options(&field.attrs, "skip", errors, |entry, errors| {
        skip = entry.flag(errors).on;
    });
    skip
}

/// `dyn Trait` of `dyn Trait + Send + Sync`, which is how a tool writes it.
fn without_auto_traits(ty: &Type) -> Option<Type> {
    let Type::TraitObject(object) = ty else {
        return None;
    };
    let mut plain = object.clone();
    plain.bounds = object
        .bounds
        .iter()
        .filter(|bound| match bound {
            syn::TypeParamBound::Trait(bound) => bound
                .path
                .segments
                .last()
                .is_none_or(|last| last.ident != "Send" && last.ident != "Sync"),
            _ => true,
        })
        .cloned()
        .collect();
    let shorter = !plain.bounds.is_empty() && plain.bounds.len() < object.bounds.len();
    shorter.then_some(Type::TraitObject(plain))
}

/// `T` of `Arc<T>` or `Box<T>`: the pointer is a detail, tools borrow what it points to.
fn pointee(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match (last.ident.to_string().as_str(), arguments.args.first()) {
        ("Arc" | "Box", Some(GenericArgument::Type(inner))) if arguments.args.len() == 1 => {
            Some(ungroup(inner))
        }
        _ => None,
    }
}
