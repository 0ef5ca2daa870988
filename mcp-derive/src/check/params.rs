//! The parameters: their names, and what `#[arg]` says about them.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::FnArg;

use super::bounds::{bounds_hold, default_within};
use super::name::illegal;
use super::types::type_of_param;
use crate::errors::Errors;
use crate::item::says;
use crate::kind::Kind;
use crate::model::Function;
use crate::param::{Param, Source};

/// The number of arguments the engine keeps room for.
const MAX_ARGUMENTS: usize = 16;

/// The longest argument name that model vendors take, in bytes.
const MAX_ARGUMENT_NAME: usize = 64;

pub(super) fn params(function: &Function<'_>, errors: &mut Errors) {
    let kind = function.kind();
    count(function, errors);
    names(function, errors);
    let mut wrong: Vec<TokenStream> = Vec::new();
    for input in &function.item.sig.inputs {
        if let FnArg::Typed(typed) = input {
            let before = errors.count();
            type_of_param(&typed.ty, errors);
            if errors.count() > before {
                wrong.push(typed.pat.to_token_stream());
            }
        }
    }
    for param in &function.params {
        // With another type, all else may be right.
        let name = [param.ident.to_string()];
        if wrong.iter().any(|pattern| says(pattern, &name)) {
            continue;
        }
        if let (Source::Injected { .. }, Some(attribute)) =
            (&param.source, &param.options.attribute)
        {
            errors.at(
                attribute,
                format_args!(
                    "`{}` is supplied by the server, clients never see it\nhelp: remove the \
                 `#[arg]`, or take it by value if the client sends it",
                    param.ident
                ),
            );
            continue;
        }
        match kind {
            Kind::Tool => argument(param, errors),
            Kind::Resource | Kind::Prompt => text(param, kind, errors),
        }
        if let Some(default) = &param.options.default
            && kind != Kind::Resource
            && param.is_optional()
        {
            errors.at(
                &default.key,
                "`Option` already means that the argument may be left out\nhelp: drop `default`, \
                 or drop the `Option`",
            );
        }
    }
}

fn count(function: &Function<'_>, errors: &mut Errors) {
    let kind = function.kind();
    let mut clients = function.params.iter().filter(|param| param.is_client());
    if let Some(extra) = clients.nth(MAX_ARGUMENTS) {
        let help = match kind {
            Kind::Tool => "split the tool, or group arguments in a struct",
            Kind::Resource => "take several in one variable, as in `{+path}`",
            Kind::Prompt => "split the prompt",
        };
        errors.at(
            &extra.ident,
            format_args!(
                "a {kind} takes at most {MAX_ARGUMENTS} {}s\nhelp: {help}",
                kind.input()
            ),
        );
    }
}

fn names(function: &Function<'_>, errors: &mut Errors) {
    let kind = function.kind();
    let mut names: Vec<String> = Vec::new();
    for param in function.params.iter().filter(|param| param.is_client()) {
        let name = param.wire_name();
        let report = |errors: &mut Errors, message: &str| match &param.options.name {
            Some(literal) => errors.at(literal, message),
            None => errors.at(&param.ident, message),
        };
        if kind == Kind::Resource {
            // The name is compared with those of the template, which are legal.
        } else if name.is_empty() {
            report(
                errors,
                "an argument name cannot be empty\nhelp: leave `name` out",
            );
        } else if let Some((found, better)) = illegal(&name) {
            let help = match &param.options.name {
                Some(_) => format!("write `name = \"{better}\"`"),
                None => format!("rename it, or add `#[arg(name = \"{better}\")]`"),
            };
            report(
                errors,
                &format!(
                    "an argument name may use ASCII letters, digits, `_`, `-` and `.`; found \
                     {found}\nhelp: {help}"
                ),
            );
        } else if name.len() > MAX_ARGUMENT_NAME {
            report(
                errors,
                &format!(
                    "an argument name has at most {MAX_ARGUMENT_NAME} characters, this one has \
                     {}\nhelp: shorten it, or choose another with `#[arg(name = \"...\")]`",
                    name.len()
                ),
            );
        }
        if function
            .params
            .iter()
            .any(|it| !std::ptr::eq(it, param) && it.ident == param.ident)
        {
            errors.reported_by_rustc();
        } else if names.contains(&name) {
            let inputs = kind.input();
            report(
                errors,
                &format!("two {inputs}s have this name\nhelp: give one of them another `name`"),
            );
        }
        names.push(name);
    }
}

/// What `#[arg]` can say about an argument of a tool.
fn argument(param: &Param, errors: &mut Errors) {
    let options = &param.options;
    if let Some(complete) = &options.complete {
        errors.at(
            &complete.key,
            "`complete` is for prompts and resources, clients complete no argument of a \
             tool\nhelp: remove it, an enum lists its values in the schema",
        );
    }
    if let (Some(range), Source::Text { .. }) = (&options.range, &param.source) {
        errors.at(
            &range.key,
            "`range` bounds numbers, and text is none\nhelp: text has a `length`",
        );
        return;
    }
    if let Some(items) = &options.items {
        let bounds = [&items.range, &items.length].into_iter().flatten();
        bounds.for_each(|bounds| bounds_hold(param, bounds, errors));
        if let Source::Text { .. } = &param.source {
            errors.at(
                &items.key,
                "`items` bounds what is in a list, and text is none\nhelp: text has a `length` \
                 and a `pattern`",
            );
        }
    }
    for bounds in [&options.range, &options.length].into_iter().flatten() {
        bounds_hold(param, bounds, errors);
        if let Some(default) = &options.default {
            default_within(param, default, bounds, errors);
        }
    }
}

/// What `#[arg]` can say about an argument of a prompt or a variable of a resource.
fn text(param: &Param, kind: Kind, errors: &mut Errors) {
    let options = &param.options;
    let keys = [
        options.range.as_ref().map(|range| &range.key),
        options.length.as_ref().map(|length| &length.key),
        options.pattern.as_ref().map(|pattern| &pattern.key),
        options.items.as_ref().map(|items| &items.key),
        options.check.as_ref().map(|check| &check.key),
    ];
    for key in keys.into_iter().flatten() {
        errors.at(
            key,
            format_args!(
                "`{key}` bounds arguments of tools, a {kind} takes text\nhelp: remove it, and check \
                 the value in `FromStr` of its type or in the function"
            ),
        );
    }
    if let Some(header) = &options.header {
        errors.at(
            &header.key,
            format_args!(
                "`header` repeats an argument of a tool, this belongs to a {kind}\nhelp: remove it"
            ),
        );
    }
}
