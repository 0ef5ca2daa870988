//! `#[arg(header = "...")]`: an argument that HTTP clients repeat in a header.

use syn::Type;

use crate::attr::arg::Header;
use crate::errors::Errors;
use crate::model::Function;
use crate::param::{Param, Source, ungroup};

/// The names of a tool's headers, which HTTP compares without case.
pub(super) fn headers(function: &Function<'_>, errors: &mut Errors) {
    let mut names: Vec<String> = Vec::new();
    for param in function.params.iter().filter(|param| param.is_client()) {
        let Some(header) = &param.options.header else {
            continue;
        };
        name(header, errors);
        not_a_float(param, header, errors);
        let name = header.name.value().to_ascii_lowercase();
        if names.contains(&name) {
            errors.at(
                &header.name,
                "two arguments have this header, whose case does not count\nhelp: give one of \
                 them another",
            );
        }
        names.push(name);
    }
}

/// The characters of a token (RFC 9110, 5.6.2).
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

fn name(header: &Header, errors: &mut Errors) {
    let name = header.name.value();
    if name.is_empty() {
        errors.at(
            &header.name,
            "the name of a header cannot be empty\nhelp: write `header = \"Region\"`",
        );
    } else if let Some(found) = name.chars().find(|c| !is_token(*c)) {
        let better: String = name
            .chars()
            .map(|c| if is_token(c) { c } else { '-' })
            .collect();
        errors.at(
            &header.name,
            format_args!(
                "the name of a header cannot contain {found:?}\nhelp: write `header = \"{better}\"`"
            ),
        );
    }
}

/// One number has many spellings with a point, and a header is compared with the argument.
fn not_a_float(param: &Param, header: &Header, errors: &mut Errors) {
    let Source::Value { inner } = &param.source else {
        return;
    };
    let Ok(ty) = syn::parse2::<Type>(inner.as_ref().unwrap_or(&param.ty).clone()) else {
        return;
    };
    if let Type::Path(path) = ungroup(&ty)
        && (path.path.is_ident("f32") || path.path.is_ident("f64"))
    {
        errors.at(
            &header.key,
            "a header repeats text, integers and `bool`, not numbers with a point\nhelp: remove \
             `header`, or take an integer",
        );
    }
}
