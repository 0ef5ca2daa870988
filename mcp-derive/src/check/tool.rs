//! What a tool says about its effects.

use crate::attr::is_on;
use crate::attr::tool::ToolOptions;
use crate::errors::Errors;
use crate::model::Function;

pub(super) fn hints(options: &ToolOptions, errors: &mut Errors) {
    if !is_on(options.read_only.as_ref()) {
        return;
    }
    if let Some(flag) = options.destructive.as_ref().filter(|flag| flag.on) {
        errors.at(
            &flag.key,
            "a read-only tool cannot be destructive\nhelp: keep the one that is true",
        );
    }
    if let Some(flag) = options.idempotent.as_ref().filter(|flag| flag.on) {
        errors.at(
            &flag.key,
            "`idempotent` says nothing about a read-only tool\nhelp: remove it",
        );
    }
}

/// What can be used once is an answer, and only a function that can wait can ask for one.
pub(super) fn single_use(function: &Function<'_>, options: &ToolOptions, errors: &mut Errors) {
    if let Some(flag) = options.single_use.as_ref().filter(|flag| flag.on)
        && !function.is_async()
    {
        errors.at(
            &flag.key,
            "`single_use` is about answers that the tool asks for, and only an `async` function \
             can ask\nhelp: remove `single_use`, or make the function `async`",
        );
    }
}
