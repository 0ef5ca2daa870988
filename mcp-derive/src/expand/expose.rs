//! `#[expose]`: the block as written, and lists of what its marked functions define.
//!
//! A block is one item, so its functions need no marker types, and `impl Exposed` for the type
//! holds all definitions. After a mistake the lists are empty, so that one mistake gives one error.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Item, Meta, Path, TraitItem, Type};

use super::definition::{Definition, Names};
use super::{marker, parts, uri};
use crate::attr;
use crate::attr::options::{Markup, Options, Own};
use crate::block::Block;
use crate::check;
use crate::errors::Errors;
use crate::item::FnItem;
use crate::kind::Kind;
use crate::model::{Function, Place};
use crate::param::{Source, ungroup};

pub(crate) fn expose(args: TokenStream, input: &TokenStream) -> TokenStream {
    let block: Block = match syn::parse2(input.clone()) {
        Ok(block) => block,
        Err(error) => return not_a_block(input, error),
    };
    let mut errors = Errors::default();
    let krate = attr::expose::krate(args, &mut errors);
    check::block(&block, &mut errors);
    let functions: Vec<Function<'_>> = block
        .functions()
        .filter_map(|item| marked(item, krate.as_ref(), &mut errors))
        .collect();
    for function in &functions {
        check::function(function, &mut errors);
        check::bounds_stand_alone(&block, function, &mut errors);
    }
    check::names_differ(&functions, &mut errors);
    check::no_builder_is_there(&block, &functions, &mut errors);
    let cleaned = block.cleaned(krate.as_ref());
    // What the compiler reports; should it not, using the block is an error.
    let unread = match block.half_typed() {
        Some(error) => Some(error.to_string()),
        None if errors.are_all_elsewhere() => Some("the compiler reports why".to_owned()),
        None => None,
    };
    let reports = errors.finish();
    let is_correct = reports.is_none() && unread.is_none();
    if !matches!(ungroup(&block.self_ty), Type::Path(_)) {
        return quote!(#cleaned #reports);
    }
    let builders = builders(&block, &functions, is_correct);
    let unread = unread.map(|why| marker::panic(&why));
    let exposed = exposed(
        &block,
        if is_correct { &functions } else { &[] },
        unread.as_ref(),
    );
    let items = parts::block(&block.cfgs(), krate.as_ref(), &quote!(#builders #exposed));
    quote!(#cleaned #items #reports)
}

/// A function of the block that has a marker.
fn marked<'a>(item: &'a FnItem, krate: Option<&Path>, errors: &mut Errors) -> Option<Function<'a>> {
    let (kind, attr) = item.markers(krate).into_iter().next()?;
    let markup = Markup {
        kind,
        args: args(kind, attr, errors),
        span: attr.path().span(),
    };
    let mut options = Options::parse(markup, errors);
    if let Some(path) = &options.common.krate {
        errors.at(
            path,
            "the block says where `mcp_core` is\nhelp: write `#[expose(crate = ...)]`",
        );
    }
    options.common.krate = krate.cloned();
    Some(Function::new(item, Place::Exposed, options, errors))
}

/// What stands between the parentheses of a marker.
fn args(kind: Kind, attr: &Attribute, errors: &mut Errors) -> TokenStream {
    match &attr.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => {
            errors.at(
                &pair.value,
                format_args!(
                    "`#[{kind}]` takes its options in parentheses\nhelp: write `#[{kind}(...)]`"
                ),
            );
            TokenStream::new()
        }
    }
}

/// `impl Exposed` for the type of the block.
fn exposed(block: &Block, functions: &[Function<'_>], unread: Option<&TokenStream>) -> TokenStream {
    let lists = Kind::ALL.into_iter().map(|kind| {
        let names = Names::of(kind);
        let def = names.def();
        let list = Ident::new(
            match kind {
                Kind::Tool => "TOOLS",
                Kind::Resource => "RESOURCES",
                Kind::Prompt => "PROMPTS",
            },
            proc_macro2::Span::call_site(),
        );
        let defs = functions
            .iter()
            .filter(|function| function.kind() == kind)
            .map(|function| {
                let cfgs = function.item.cfgs();
                let def = Definition::new(function).expression();
                quote!(#(#cfgs)* &#def)
            });
        let defs = match unread {
            Some(unread) => unread.clone(),
            None => quote!(&[#(#defs),*]),
        };
        quote!(const #list: &'static [&'static __mcp::#def<Self>] = #defs;)
    });
    let (generics, _, _) = block.generics.split_for_impl();
    let of_user = block.generics.where_clause.iter();
    let of_user = of_user.flat_map(|clause| &clause.predicates);
    let ty = &block.self_ty;
    let bounds = bounds(block, functions);
    // One error at the type that cannot be shared, and none in a generic block until the type is
    // known.
    let shared = quote_spanned!(ty.span()=> Self: __mcp::Send + __mcp::Sync + 'static);
    // A generic type cannot derive it, since a generic field cannot be provided.
    let state = (!block.generics.params.is_empty()).then(|| {
        let of_user = of_user.clone();
        quote! {
            #[automatically_derived]
            impl #generics __mcp::State for #ty
            where
                #(#of_user,)*
                #shared
            {}
        }
    });
    quote! {
        #state
        #[automatically_derived]
        impl #generics __mcp::Exposed for #ty
        where
            #(#of_user,)*
            #shared,
            #bounds
        {
            #(#lists)*
        }
    }
}

/// What the functions of a generic block borrow, each type once.
///
/// Where the type is known, so is what it provides, and a type that it does not provide is an error
/// in the function. A bound cannot be conditional, so what only conditional functions borrow has
/// none either.
fn bounds(block: &Block, functions: &[Function<'_>]) -> TokenStream {
    if block.generics.params.is_empty() {
        return TokenStream::new();
    }
    let mut seen = BTreeSet::new();
    let always = functions
        .iter()
        .filter(|function| function.item.cfgs().is_empty());
    let bounds = always
        .flat_map(|function| &function.params)
        .filter_map(|param| {
            let Source::Injected { ty, .. } = &param.source else {
                return None;
            };
            seen.insert(ty.to_string())
                .then(|| quote_spanned!(ty.span()=> #ty: __mcp::Inject<Self>))
        });
    quote!(#(#bounds,)*)
}

/// `fn <method>_uri` beside each resource.
fn builders(block: &Block, functions: &[Function<'_>], is_correct: bool) -> Option<TokenStream> {
    let builders: Vec<TokenStream> = functions
        .iter()
        .filter_map(|function| {
            let Own::Resource(options) = &function.own else {
                return None;
            };
            let method = &function.item.sig.ident;
            let name = format_ident!("{}_uri", method.unraw(), span = method.span());
            // Another function of the name has been reported.
            if block.functions().any(|other| other.sig.ident == name) {
                return None;
            }
            let cfgs = function.item.cfgs();
            let builder = uri::builder(function, options, &name, is_correct);
            Some(quote!(#(#cfgs)* #builder))
        })
        .collect();
    let (generics, _, of_user) = block.generics.split_for_impl();
    let ty = &block.self_ty;
    (!builders.is_empty()).then(|| quote!(impl #generics #ty #of_user { #(#builders)* }))
}

fn not_a_block(input: &TokenStream, error: syn::Error) -> TokenStream {
    let (input, error) = match syn::parse2::<Item>(input.clone()) {
        Ok(Item::Impl(_)) | Err(_) => (input.clone(), error),
        Ok(item) => {
            let error = syn::Error::new_spanned(
                parts::keyword(&item),
                "`#[expose]` goes on an `impl` block\nhelp: put it on the `impl` of the state, and \
                 markers such as `#[tool]` on its functions",
            );
            (without_markers(item).into_token_stream(), error)
        }
    };
    let report = error.to_compile_error();
    quote!(#input #report)
}

/// The markers in a trait would be further errors of one mistake.
fn without_markers(mut item: Item) -> Item {
    if let Item::Trait(item) = &mut item {
        for member in &mut item.items {
            if let TraitItem::Fn(function) = member {
                function.attrs.retain(|attr| Kind::of(attr, None).is_none());
                crate::item::clean_parameters(&mut function.sig);
            }
        }
    }
    item
}
