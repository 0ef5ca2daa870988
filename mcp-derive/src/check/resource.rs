//! A resource: its template against its parameters.

use syn::LitStr;

use crate::attr::resource::ResourceOptions;
use crate::errors::Errors;
use crate::model::Function;
use crate::param::Param;

pub(super) fn resource(function: &Function<'_>, options: &ResourceOptions, errors: &mut Errors) {
    for param in function.params.iter().filter(|param| param.is_client()) {
        always_there(param, errors);
    }
    let (Some(uri), Some(template)) = (&options.uri, &options.template) else {
        // The mistake in the template has been reported, and what it names is not known.
        return;
    };
    if function.params.iter().any(|param| param.options.mistaken) {
        return;
    }
    let clients = || function.params.iter().filter(|param| param.is_client());
    let strangers: Vec<&Param> = clients()
        .filter(|param| !template.variables.contains(&param.wire_name()))
        .collect();
    for param in function.params.iter().filter(|param| !param.is_client()) {
        if template.variables.contains(&param.wire_name()) {
            lent(param, errors);
            return;
        }
    }
    let missing: Vec<&String> = template
        .variables
        .iter()
        .filter(|variable| clients().all(|param| param.wire_name() != **variable))
        .collect();
    if let ([param], [variable]) = (strangers.as_slice(), missing.as_slice()) {
        two_names(param, variable, errors);
    } else {
        for variable in missing {
            without_parameter(uri, variable, errors);
        }
        for param in strangers {
            not_in_the_template(param, uri, errors);
        }
    }
    if let Some((key, _)) = &options.size
        && !template.variables.is_empty()
    {
        errors.at(
            key,
            "`size` is that of one resource, this template stands for many\nhelp: remove it",
        );
    }
}

/// A variable that the function borrows. A type that nothing could lend has been reported.
fn lent(param: &Param, errors: &mut Errors) {
    if errors.count() == 0 {
        let name = param.wire_name();
        errors.at(
            &param.ty,
            format_args!(
                "the client sends `{name}`, which is in the template, and the server supplies what is \
                 borrowed\nhelp: take it by value, or remove `{{{name}}}`"
            ),
        );
    }
}

/// One mistake that could be reported on either side: the names differ.
fn two_names(param: &Param, variable: &str, errors: &mut Errors) {
    let message = format!(
        "the template has `{{{variable}}}` where the function has `{}`\nhelp: give both one name",
        param.wire_name()
    );
    match &param.options.name {
        Some(literal) => errors.at(literal, message),
        None => errors.at(&param.ident, message),
    }
}

fn without_parameter(uri: &LitStr, variable: &str, errors: &mut Errors) {
    let parameter = variable.replace('.', "_");
    let named = if parameter == variable {
        String::new()
    } else {
        format!("#[arg(name = \"{variable}\")] ")
    };
    errors.at(
        uri,
        format_args!(
            "the template has `{{{variable}}}`, the function has no such parameter\nhelp: add a \
             parameter `{named}{parameter}: &str`"
        ),
    );
}

fn not_in_the_template(param: &Param, uri: &LitStr, errors: &mut Errors) {
    let name = param.wire_name();
    if uri
        .value()
        .split('/')
        .any(|part| part == format!(":{name}"))
    {
        errors.at(
            uri,
            format_args!(
                "`:{name}` is no variable of a URI template\nhelp: write `{{{name}}}` for it"
            ),
        );
        return;
    }
    errors.at(
        &param.ident,
        format_args!(
            "the template has no `{{{name}}}`, so no client could send this\nhelp: add `{{{name}}}` \
             to the template, or take it by reference if the server supplies it"
        ),
    );
}

/// A URI matches the template with all of its variables, or does not match it.
fn always_there(param: &Param, errors: &mut Errors) {
    if param.is_optional() {
        errors.at(
            &param.ty,
            "a variable is always there, a URI matches the template or it does not\nhelp: take it \
             without the `Option`",
        );
    } else if let Some(default) = &param.options.default {
        errors.at(
            &default.key,
            "a variable is always there, a URI matches the template or it does not\nhelp: remove \
             `default`",
        );
    }
}
