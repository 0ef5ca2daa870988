//! What kind of function can be marked.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::token::Comma;
use syn::{FnArg, GenericParam, Receiver, ReceiverKind, ReturnType, Safety, Signature, Type};

use super::types::{has_elided_lifetime, is_inferred, opaque};
use crate::errors::Errors;
use crate::item::FnItem;
use crate::kind::Kind;
use crate::model::{Function, Place};
use crate::param::{is_unsized, ungroup};

pub(super) fn item(function: &Function<'_>, errors: &mut Errors) {
    let kind = function.kind();
    match function.place {
        Place::Free => free(function.item, kind, errors),
        Place::Exposed => exposed(function.item, kind, errors),
    }
    other_markers(function, errors);
    for attr in &function.item.attrs {
        if attr.path().is_ident("arg") {
            errors.at(
                attr,
                "`#[arg]` goes on a parameter\nhelp: write it in front of the parameter's name",
            );
        }
    }
    signature(&function.item.sig, kind, errors);
    result(&function.item.sig, kind, errors);
}

/// A function by itself.
fn free(item: &FnItem, kind: Kind, errors: &mut Errors) {
    let sig = &item.sig;
    match (sig.inputs.first(), &item.body) {
        (Some(FnArg::Receiver(receiver)), Some(_)) => errors.at(
            receiver,
            format_args!(
                "a {kind} in an `impl` block needs `#[expose]` on the block\nhelp: add it, or make \
                 the function free-standing"
            ),
        ),
        (Some(FnArg::Receiver(receiver)), None) => errors.at(
            receiver,
            format_args!(
                "a method of a trait cannot be a {kind}\nhelp: make it a free-standing function, or \
                 a method in a type's own `impl` with `#[expose]`"
            ),
        ),
        _ if item.says_self() => errors.at(
            &sig.ident,
            format_args!(
                "a {kind} in an `impl` block needs `#[expose]` on the block\nhelp: add it, or make \
                 the function free-standing and name the type in full"
            ),
        ),
        (_, None) => without_body(sig, kind, errors),
        (_, Some(_)) => {}
    }
}

/// A function in an exposed block.
fn exposed(item: &FnItem, kind: Kind, errors: &mut Errors) {
    let sig = &item.sig;
    if item.body.is_none() {
        without_body(sig, kind, errors);
    }
    let Some(FnArg::Receiver(receiver)) = sig.inputs.first() else {
        return;
    };
    for attr in &receiver.attrs {
        if attr.path().is_ident("arg") {
            errors.at(
                attr,
                "the server lends `self`, clients never see it\nhelp: remove the `#[arg]`",
            );
        }
    }
    if !is_shared(receiver) {
        errors.at(
            receiver,
            format_args!(
                "a {kind} cannot have the state to itself, calls run concurrently\nhelp: take \
                 `&self`, with a `Mutex` inside for what changes"
            ),
        );
    } else if let ReceiverKind::Reference(_, Some(lifetime), _) = &receiver.kind
        && lifetime.ident == "static"
    {
        errors.at(
            lifetime,
            "what the server lends lives as long as the call\nhelp: remove `'static`",
        );
    }
}

/// `&self` or `self: &Self`.
fn is_shared(receiver: &Receiver) -> bool {
    match &receiver.kind {
        ReceiverKind::Reference(_, _, mutability) => mutability.is_none(),
        ReceiverKind::Typed(_, ty) => match ungroup(ty) {
            Type::Reference(it) => {
                let plain =
                    matches!(ungroup(&it.elem), Type::Path(path) if path.path.is_ident("Self"));
                plain && it.mutability.is_none()
            }
            _ => false,
        },
        _ => false,
    }
}

fn without_body(sig: &Signature, kind: Kind, errors: &mut Errors) {
    errors.at(
        &sig.ident,
        format_args!("a {kind} needs a body\nhelp: replace the `;` by a block"),
    );
}

/// Markers beside the one that is being read.
fn other_markers(function: &Function<'_>, errors: &mut Errors) {
    let kind = function.kind();
    for (other, attr) in function.other_markers() {
        if other == kind {
            errors.at(
                attr,
                format_args!("`#[{kind}]` is given twice\nhelp: merge the two into one"),
            );
        } else {
            errors.at(
                attr,
                format_args!(
                    "a function has one marker, this one is a {kind} already\nhelp: remove one, or \
                     call the function from a second one"
                ),
            );
        }
    }
}

fn signature(sig: &Signature, kind: Kind, errors: &mut Errors) {
    let fixed = match kind {
        Kind::Tool => "its schema is fixed",
        Kind::Resource => "its variables are fixed",
        Kind::Prompt => "its arguments are fixed",
    };
    let generics = &sig.generics;
    let is_type = |param: &&GenericParam| !matches!(param, GenericParam::Lifetime(_));
    let types: Punctuated<&GenericParam, Comma> = generics.params.iter().filter(is_type).collect();
    if !types.is_empty() {
        errors.at(
            types,
            format_args!("a {kind} cannot be generic, {fixed}\nhelp: use a concrete type"),
        );
    } else if let Some(clause) = &generics.where_clause {
        errors.at(
            clause,
            format_args!("a {kind} cannot have a `where` clause, {fixed}\nhelp: remove it"),
        );
    }
    if let Some(constness) = &sig.constness {
        errors.at(
            constness,
            format_args!("a {kind} cannot be a `const fn`\nhelp: remove `const`"),
        );
    }
    if let Some(variadic) = &sig.variadic {
        // Only `unsafe extern` functions can be, which is no second mistake.
        errors.at(
            variadic,
            format_args!(
                "a {kind} cannot be variadic\nhelp: take a `Vec` in a plain Rust function"
            ),
        );
        return;
    }
    match &sig.safety {
        Safety::Unsafe(token) => errors.at(
            token,
            format_args!(
                "a {kind} cannot be `unsafe`, models cannot uphold its contract\nhelp: wrap it in \
                 a safe function that checks the contract"
            ),
        ),
        Safety::Safe(token) => errors.at(
            token,
            format_args!("a {kind} is a plain function\nhelp: remove `safe`"),
        ),
        Safety::Default => {}
    }
    if let Some(abi) = &sig.abi {
        errors.at(
            abi,
            format_args!("a {kind} is a plain Rust function\nhelp: remove the `extern`"),
        );
    }
}

/// A reference in the result of a function whose parameters are all owned, by their form.
fn borrows_from_nothing(sig: &Signature, result: &Type) -> bool {
    const OWNED: [&str; 16] = [
        "String", "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
        "i64", "isize", "f32", "f64",
    ];
    let is_owned = |input: &FnArg| match input {
        FnArg::Typed(typed) => match ungroup(&typed.ty) {
            Type::Path(path) => {
                let name = path.path.get_ident();
                name.is_some_and(|name| OWNED.iter().any(|owned| name == owned))
            }
            _ => false,
        },
        FnArg::Receiver(_) => false,
    };
    has_elided_lifetime(result.to_token_stream()) && sig.inputs.iter().all(is_owned)
}

/// The type after the arrow, as far as its form tells.
fn result(sig: &Signature, kind: Kind, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = &sig.output else {
        let (what, take) = match kind {
            Kind::Tool => return,
            Kind::Resource => ("contents", "text, or `mcp_core::ResourceContents`"),
            Kind::Prompt => ("messages", "a `String`, or `mcp_core::Message`s"),
        };
        errors.at(
            &sig.ident,
            format_args!(
                "a {kind} returns its {what}, this one returns nothing\nhelp: return {take}"
            ),
        );
        return;
    };
    if is_inferred(ty.to_token_stream()) || is_unsized(ty) || borrows_from_nothing(sig, ty) {
        errors.reported_by_rustc();
    }
    if let Type::Never(_) = ungroup(ty) {
        errors.at(
            ty,
            format_args!("a {kind} has to return, the client waits for it\nhelp: return a value"),
        );
    }
    if let Some(opaque) = opaque(ty) {
        let why = match kind {
            Kind::Tool => ", it becomes the output schema",
            Kind::Resource | Kind::Prompt => "",
        };
        errors.at(
            opaque,
            format_args!(
                "the result type must be named{why}\nhelp: use `async fn` for a future, name the \
                 type otherwise"
            ),
        );
    }
}
