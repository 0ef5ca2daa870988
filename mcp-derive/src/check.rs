//! The rules of `#[tool]`: each either holds or reports, nothing is changed.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{FnArg, GenericParam, ReturnType, Safety, Type};

use crate::attr::arg::{Bounds, integer};
use crate::attr::tool::Flag;
use crate::errors::Errors;
use crate::item::{FnItem, is_tool};
use crate::model::{Source, Tool, option_of, ungroup};

/// The number of arguments the engine keeps room for.
const MAX_ARGUMENTS: usize = 16;

/// The longest argument name that model vendors take, in bytes.
const MAX_ARGUMENT_NAME: usize = 64;

/// The longest tool name the protocol allows, in bytes.
const MAX_NAME: usize = 128;

pub(crate) fn tool(tool: &Tool<'_>, errors: &mut Errors) {
    item(tool.item, errors);
    name(tool, errors);
    hints(tool, errors);
    execution(tool, errors);
    params(tool, errors);
    let empty = |description: &syn::Expr| match description {
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => text.value().trim().is_empty(),
            _ => false,
        },
        _ => false,
    };
    if let Some(description) = tool.options.description.as_ref().filter(|it| empty(it)) {
        errors.at(
            description,
            "models choose tools by description, this one is empty\nhelp: say what the tool does",
        );
    } else if tool.description.is_none() {
        errors.at(
            &tool.item.sig.ident,
            "models choose tools by description, this one has none\nhelp: add a `///` comment or \
             `description = \"...\"`",
        );
    }
}

/// What kind of function can be a tool.
fn item(item: &FnItem, errors: &mut Errors) {
    let sig = &item.sig;
    if let Some(FnArg::Receiver(receiver)) = sig.inputs.first() {
        errors.at(
            receiver,
            "a tool is a free function, this is a method\nhelp: move it out of the `impl` and take \
             the state by reference, as in `state: &App`",
        );
    } else if item.says_self() {
        errors.at(
            &sig.ident,
            "a tool is a free function, this one belongs to a type\nhelp: move it out of the `impl` \
             and name the type in full",
        );
    } else if item.body.is_none() {
        errors.at(
            &sig.ident,
            "a tool needs a body\nhelp: replace the `;` by a block",
        );
    }
    for other in item.attrs.iter().filter(|attr| is_tool(attr)) {
        errors.at(
            other,
            "`#[tool]` is given twice\nhelp: merge the two into one",
        );
    }
    let generics = &sig.generics;
    let types: Vec<_> = generics
        .params
        .iter()
        .filter(|param| !matches!(param, GenericParam::Lifetime(_)))
        .collect();
    if !types.is_empty() {
        errors.at(
            &generics.params,
            "a tool cannot be generic, its schema is fixed\nhelp: use a concrete type",
        );
    } else if let Some(clause) = &generics.where_clause {
        errors.at(
            clause,
            "a tool cannot have a `where` clause, its schema is fixed\nhelp: remove it",
        );
    }
    if let Some(constness) = &sig.constness {
        errors.at(
            constness,
            "a tool cannot be a `const fn`\nhelp: remove `const`",
        );
    }
    match &sig.safety {
        Safety::Unsafe(token) => errors.at(
            token,
            "a tool cannot be `unsafe`, models cannot uphold its contract\nhelp: wrap it in a safe \
             function that checks the contract",
        ),
        Safety::Safe(token) => errors.at(token, "a tool is a plain function\nhelp: remove `safe`"),
        Safety::Default => {}
    }
    if let Some(abi) = &sig.abi {
        errors.at(
            abi,
            "a tool is a plain Rust function\nhelp: remove the `extern`",
        );
    }
    if let Some(variadic) = &sig.variadic {
        errors.at(variadic, "a tool cannot be variadic\nhelp: take a `Vec`");
    }
    if let ReturnType::Type(_, ty) = &sig.output
        && let Some(opaque) = opaque(ty)
    {
        errors.at(
            opaque,
            "the result type must be named, it becomes the output schema\nhelp: use `async fn` for \
             a future, name the type otherwise",
        );
    }
}

/// What names on the wire are made of.
fn legal(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

fn name(tool: &Tool<'_>, errors: &mut Errors) {
    let function = &tool.item.sig.ident;
    if PRIMITIVES.iter().any(|primitive| function == primitive) {
        errors.at(
            function,
            format_args!(
                "a tool named `{function}` would hide the type of that name\nhelp: rename the \
                 function and set `name = \"{function}\"`"
            ),
        );
    }
    let name = tool.wire_name();
    let report = |errors: &mut Errors, message: String| match &tool.options.name {
        Some(literal) => errors.at(literal, message),
        None => errors.at(&tool.item.sig.ident, message),
    };
    if name.is_empty() {
        report(
            errors,
            "a tool name cannot be empty\nhelp: leave `name` out to use the function's".into(),
        );
    } else if let Some(found) = name.chars().find(|c| !legal(*c)) {
        let found = if found == ' ' {
            "a space".to_owned()
        } else {
            format!("`{found}`")
        };
        let better: String = name
            .chars()
            .map(|c| if legal(c) { c } else { '_' })
            .collect();
        report(
            errors,
            format!(
                "a tool name may use ASCII letters, digits, `_`, `-` and `.`; found {found}\nhelp: \
             `{better}`"
            ),
        );
    } else if name.len() > MAX_NAME {
        report(
            errors,
            format!(
                "a tool name has at most {MAX_NAME} characters, this one has {}\nhelp: shorten it, or \
             set `name = \"...\"`",
                name.len()
            ),
        );
    }
}

/// A marker type of one of these names would hide the type of the language in its module.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

fn hints(tool: &Tool<'_>, errors: &mut Errors) {
    let on = |flag: &Option<Flag>| flag.as_ref().is_some_and(|flag| flag.on);
    if on(&tool.options.read_only) {
        for (flag, says) in [
            (&tool.options.destructive, "destructive"),
            (&tool.options.idempotent, "idempotent"),
        ] {
            if let Some(flag) = flag
                && flag.on
            {
                let why = if says == "destructive" {
                    "a read-only tool cannot be destructive\nhelp: keep the one that is true"
                } else {
                    "`idempotent` says nothing about a read-only tool\nhelp: remove it"
                };
                errors.at(&flag.key, why);
            }
        }
    }
}

/// How the function runs, and whether it can be interrupted.
fn execution(tool: &Tool<'_>, errors: &mut Errors) {
    if let Some(flag) = &tool.options.blocking
        && flag.on
        && tool.is_async()
    {
        errors.at(
            &flag.key,
            "`blocking` is for functions that block their thread, this one is `async`\nhelp: \
             remove `blocking`, or remove `async`",
        );
    }
    if let Some((key, _)) = &tool.options.timeout
        && !tool.is_async()
        && !tool.is_blocking()
    {
        errors.at(
            key,
            "`timeout` cannot interrupt a function that runs inline\nhelp: make it `async`, or add \
             `blocking` to run it on the blocking pool",
        );
    }
}

fn params(tool: &Tool<'_>, errors: &mut Errors) {
    let clients: Vec<_> = tool
        .params
        .iter()
        .filter(|param| param.is_client())
        .collect();
    if let Some(extra) = clients.get(MAX_ARGUMENTS) {
        errors.at(
            &extra.ident,
            format_args!(
                "a tool takes at most {MAX_ARGUMENTS} arguments\nhelp: split the tool, or group \
                 arguments in a struct"
            ),
        );
    }
    let mut names: Vec<String> = Vec::new();
    for param in &clients {
        let name = param.wire_name();
        let report = |errors: &mut Errors, message: &str| match &param.options.name {
            Some(literal) => errors.at(literal, message),
            None => errors.at(&param.ident, message),
        };
        if name.is_empty() {
            report(
                errors,
                "an argument name cannot be empty\nhelp: leave `name` out",
            );
        } else if name.len() > MAX_ARGUMENT_NAME || name.contains(|c: char| !legal(c)) {
            report(
                errors,
                "an argument name has at most 64 ASCII letters, digits, `_`, `-` and `.`\nhelp: \
                 choose another with `#[arg(name = \"...\")]`",
            );
        }
        if names.contains(&name) {
            report(
                errors,
                "two arguments have this name\nhelp: give one of them another `name`",
            );
        }
        names.push(name);
    }
    let types = tool.item.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(&*typed.ty),
        FnArg::Receiver(_) => None,
    });
    for ty in types {
        type_of_param(ty, errors);
    }
    for param in &tool.params {
        let options = &param.options;
        if let (Source::Injected { .. }, Some(attribute)) = (&param.source, &options.attribute) {
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
        if let Some(default) = &options.default
            && is_optional(&param.source)
        {
            errors.at(
                &default.key,
                "`Option` already means that the argument may be left out\nhelp: drop `default`, \
                 or drop the `Option`",
            );
        }
        let default = options
            .default
            .as_ref()
            .and_then(|default| default.value.as_ref());
        if let (Some(range), Source::Text { .. }) = (&options.range, &param.source) {
            errors.at(
                &range.key,
                "`range` bounds numbers, and text is none\nhelp: text has a `length`",
            );
            continue;
        }
        for bounds in [&options.range, &options.length].into_iter().flatten() {
            bounds_hold(bounds, errors);
            if let Some(default) = default {
                default_within(default, bounds, errors);
            }
        }
    }
}

fn is_optional(source: &Source) -> bool {
    match source {
        Source::Text { optional, .. } | Source::Injected { optional, .. } => *optional,
        Source::Value(tokens) => {
            syn::parse2::<Type>(tokens.clone()).is_ok_and(|ty| option_of(&ty).is_some())
        }
    }
}

/// Types that cannot be what they seem to be.
fn type_of_param(ty: &Type, errors: &mut Errors) {
    if let Some(opaque) = opaque(ty) {
        errors.at(
            opaque,
            "the type of an argument must be named\nhelp: use a concrete type",
        );
        return;
    }
    if let Some(inner) = option_of(ty)
        && option_of(inner).is_some()
    {
        errors.at(
            ty,
            "an argument is there or not, `Option<Option<_>>` says more than a client can\nhelp: \
             use one `Option`",
        );
        return;
    }
    let Type::Reference(reference) = ungroup(option_of(ty).unwrap_or(ty)) else {
        return;
    };
    if let (Type::Path(path), Some(lifetime)) = (ungroup(&reference.elem), &reference.lifetime)
        && path.path.is_ident("str")
        && lifetime.ident == "static"
    {
        errors.at(
            lifetime,
            "text from the client lives as long as its request\nhelp: take `&str`, or `String` to \
             keep it",
        );
        return;
    }
    if reference.mutability.is_some() {
        errors.at(
            ty,
            "the server supplies shared references only, calls run concurrently\nhelp: use `&` \
             and interior mutability, such as a `Mutex`",
        );
        return;
    }
    if let Some(lifetime) = &reference.lifetime
        && lifetime.ident == "static"
    {
        errors.at(
            lifetime,
            "what the server lends lives as long as the call\nhelp: remove `'static`",
        );
        return;
    }
    let instead = match ungroup(&reference.elem) {
        Type::Slice(slice) => Some(format!("Vec<{}>", slice.elem.to_token_stream())),
        Type::Path(path) => {
            path.path
                .segments
                .last()
                .and_then(|last| match last.ident.to_string().as_str() {
                    "Vec" => {
                        Some(format!("Vec{}", last.arguments.to_token_stream()).replace(' ', ""))
                    }
                    "String" => Some("&str".to_owned()),
                    "Path" | "PathBuf" => Some("PathBuf".to_owned()),
                    _ => None,
                })
        }
        _ => None,
    };
    if let Some(instead) = instead {
        errors.at(ty, format_args!(
            "a reference is supplied by the server, and this is not something it has\nhelp: take \
             `{instead}` if the client sends it"
        ));
    }
}

/// The type itself, or the `impl` keyword inside it.
fn opaque(ty: &Type) -> Option<TokenStream> {
    fn find(tokens: TokenStream) -> Option<TokenStream> {
        tokens.into_iter().find_map(|token| match token {
            TokenTree::Group(group) => find(group.stream()),
            TokenTree::Ident(word) if word == "impl" => Some(word.to_token_stream()),
            _ => None,
        })
    }
    match ungroup(ty) {
        Type::ImplTrait(_) => Some(ty.to_token_stream()),
        other => find(other.to_token_stream()),
    }
}

fn bounds_hold(bounds: &Bounds, errors: &mut Errors) {
    if bounds.key == "length" {
        for bound in [&bounds.min, &bounds.max].into_iter().flatten() {
            if integer(bound).is_some_and(|bound| bound < 0) {
                errors.at(bound, "a length is not negative\nhelp: count from 0");
                return;
            }
        }
    }
    let (Some(min), Some(max)) = (&bounds.min, &bounds.max) else {
        return;
    };
    if let (Some(low), Some(high)) = (integer(min), integer(max))
        && low > high
    {
        let key = &bounds.key;
        errors.at(
            quote!(#min #max),
            format_args!(
                "the {key} `{low}..={high}` is empty\nhelp: write the smaller number first"
            ),
        );
    }
}

/// A literal default that its own bounds would refuse on every call that leaves the argument out.
fn default_within(default: &syn::Expr, bounds: &Bounds, errors: &mut Errors) {
    let of_length = bounds.key == "length";
    let value = if of_length {
        length_of_text(default)
    } else {
        number(default)
    };
    let Some(value) = value else { return };
    let low = bounds.min.as_ref().and_then(number);
    let high = bounds.max.as_ref().and_then(number);
    if low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high) {
        return;
    }
    let text = |bound: &Option<syn::Expr>| match bound {
        Some(bound) => bound.to_token_stream().to_string().replace(' ', ""),
        None => String::new(),
    };
    let (min, max) = (text(&bounds.min), text(&bounds.max));
    let end = if max.is_empty() {
        "..".to_owned()
    } else {
        format!("..={max}")
    };
    let what = if of_length {
        format!("the default has a length of {value}, which")
    } else {
        format!("the default {}", text(&Some(default.clone())))
    };
    errors.at(
        default,
        format_args!(
            "{what} is outside `{min}{end}`\nhelp: widen the {}, or choose a default inside it",
            bounds.key
        ),
    );
}

/// The value of a literal number. Comparing as `f64` can only take two close numbers for equal.
fn number(expr: &syn::Expr) -> Option<f64> {
    match expr {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Float(float),
            ..
        }) => float.base10_parse().ok(),
        syn::Expr::Unary(syn::ExprUnary {
            op: syn::UnOp::Neg(_),
            expr,
            ..
        }) => number(expr).map(|value| -value),
        other => integer(other)?.to_string().parse().ok(),
    }
}

fn length_of_text(expr: &syn::Expr) -> Option<f64> {
    match expr {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => u32::try_from(text.value().chars().count())
            .ok()
            .map(f64::from),
        _ => None,
    }
}
