//! What kind of function can be marked.

use syn::{FnArg, GenericParam, Receiver, ReceiverKind, ReturnType, Safety, Signature, Type};

use super::types::opaque;
use crate::errors::Errors;
use crate::item::FnItem;
use crate::kind::Kind;
use crate::model::{Function, Place};
use crate::param::ungroup;

pub(super) fn item(function: &Function<'_>, errors: &mut Errors) {
    let kind = function.kind();
    match function.place {
        Place::Free => free(function.item, kind, errors),
        Place::Exposed => exposed(function.item, kind, errors),
    }
    other_markers(function, errors);
    signature(&function.item.sig, kind, errors);
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
    if generics.params.iter().any(|param| is_type(&param)) {
        errors.at(
            &generics.params,
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
    if let Some(variadic) = &sig.variadic {
        errors.at(
            variadic,
            format_args!("a {kind} cannot be variadic\nhelp: take a `Vec`"),
        );
    }
    if let ReturnType::Type(_, ty) = &sig.output
        && let Some(opaque) = opaque(ty)
    {
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
