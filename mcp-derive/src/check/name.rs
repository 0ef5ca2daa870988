//! The name of a tool, a resource or a prompt.

use crate::errors::Errors;
use crate::model::{Function, Place};

/// The longest name the protocol allows, in bytes.
const MAX_NAME: usize = 128;

/// A marker type of one of these names would hide the type of the language in its module.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// What names on the wire are made of.
fn is_legal(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

pub(super) fn name(function: &Function<'_>, errors: &mut Errors) {
    let kind = function.kind();
    let ident = &function.item.sig.ident;
    if function.place == Place::Free && PRIMITIVES.iter().any(|primitive| ident == primitive) {
        errors.at(
            ident,
            format_args!(
                "a {kind} named `{ident}` would hide the type of that name\nhelp: rename the \
                 function and set `name = \"{ident}\"`"
            ),
        );
    }
    let name = function.wire_name();
    let report = |errors: &mut Errors, message: String| match &function.common.name {
        Some(literal) => errors.at(literal, message),
        None => errors.at(ident, message),
    };
    if name.is_empty() {
        report(
            errors,
            format!("a {kind} name cannot be empty\nhelp: leave `name` out to use the function's"),
        );
    } else if let Some((found, better)) = illegal(&name) {
        let help = match &function.common.name {
            Some(_) => format!("write `name = \"{better}\"`"),
            None => format!("rename the function, or set `name = \"{better}\"`"),
        };
        report(
            errors,
            format!(
                "a {kind} name may use ASCII letters, digits, `_`, `-` and `.`; found \
                 {found}\nhelp: {help}"
            ),
        );
    } else if name.len() > MAX_NAME {
        report(
            errors,
            format!(
                "a {kind} name has at most {MAX_NAME} characters, this one has {}\nhelp: shorten \
                 it, or set `name = \"...\"`",
                name.len()
            ),
        );
    }
}

/// The first character that no name may have, and the name with `_` in place of all of them.
pub(super) fn illegal(name: &str) -> Option<(String, String)> {
    let found = match name.chars().find(|c| !is_legal(*c))? {
        ' ' => "a space".to_owned(),
        other => format!("`{other}`"),
    };
    let legal = |c: char| if is_legal(c) { c } else { '_' };
    Some((found, name.chars().map(legal).collect()))
}
