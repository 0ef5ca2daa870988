//! The rules of the markers: each either holds or reports, nothing is changed.

mod block;
mod bounds;
mod header;
mod item;
mod name;
mod params;
mod resource;
mod tool;
pub(crate) mod types;

pub(crate) use block::{block, bounds_stand_alone, lifetime, names_differ, no_builder_is_there};

use syn::{Expr, Lit};

use crate::attr::options::Own;
use crate::errors::Errors;
use crate::kind::Kind;
use crate::model::Function;

/// The rules of one marked function.
pub(crate) fn function(function: &Function<'_>, errors: &mut Errors) {
    item::item(function, errors);
    name::name(function, errors);
    execution(function, errors);
    step_up(function, errors);
    params::params(function, errors);
    match &function.own {
        Own::Tool(options) => {
            tool::hints(options, errors);
            tool::single_use(function, options, errors);
            header::headers(function, errors);
        }
        Own::Resource(options) => resource::resource(function, options, errors),
        Own::Prompt => {}
    }
    description(function, errors);
}

/// How the function runs, and whether it can be interrupted.
fn execution(function: &Function<'_>, errors: &mut Errors) {
    if let Some(flag) = &function.common.blocking
        && flag.on
        && function.is_async()
    {
        errors.at(
            &flag.key,
            "`blocking` is for functions that block their thread, this one is `async`\nhelp: \
             remove `blocking`, or remove `async`",
        );
    }
    if let Some((key, _)) = &function.common.timeout
        && !function.is_async()
        && !function.is_blocking()
    {
        errors.at(
            key,
            "`timeout` cannot interrupt a function that runs inline\nhelp: make it `async`, or add \
             `blocking` to run it on the blocking pool",
        );
    }
}

/// A caller can be asked for scopes only where there are some.
fn step_up(function: &Function<'_>, errors: &mut Errors) {
    let common = &function.common;
    if let Some(flag) = common.step_up.as_ref().filter(|flag| flag.on)
        && common.scopes.is_empty()
    {
        errors.at(
            &flag.key,
            "`step_up` asks callers for more scopes, and none are needed here\nhelp: say which with \
             `scopes(\"...\")`, or remove `step_up`",
        );
    }
}

fn description(function: &Function<'_>, errors: &mut Errors) {
    let (choose, say) = match function.kind() {
        Kind::Tool => ("models choose tools", "what the tool does"),
        Kind::Resource => ("clients choose resources", "what the resource holds"),
        Kind::Prompt => ("people choose prompts", "what the prompt is for"),
    };
    let empty = |description: &Expr| match description {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => text.value().trim().is_empty(),
            _ => false,
        },
        _ => false,
    };
    let given = function.common.description.as_ref();
    if let Some(description) = given.filter(|it| empty(it)) {
        errors.at(
            description,
            format_args!("{choose} by description, this one is empty\nhelp: say {say}"),
        );
    } else if function.description.is_none() {
        errors.at(
            &function.item.sig.ident,
            format_args!(
                "{choose} by description, this one has none\nhelp: add a `///` comment or \
                 `description = \"...\"`"
            ),
        );
    }
}
