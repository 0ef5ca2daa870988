//! Reading a template.

use std::fmt;

use super::percent::{escape, push_escape};
use super::{Template, Variable};

/// The most variables of a template.
const MAX_VARIABLES: usize = 16;

/// The most characters of a template.
const MAX_TEMPLATE: usize = 1024;

/// Characters that RFC 6570 does not allow between expressions.
const NOT_LITERAL: &str = " \"'<>\\^`|";

/// What is wrong with a template, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TemplateError(String);

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TemplateError {}

fn error<T>(text: impl Into<String>) -> Result<T, TemplateError> {
    Err(TemplateError(text.into()))
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    ///
    /// The first thing wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        if text.len() > MAX_TEMPLATE {
            return error(format!(
                "a URI template has at most {MAX_TEMPLATE} characters and this one {}; shorten it",
                text.len()
            ));
        }
        check_scheme(text)?;
        let (head, mut rest) = next_literal(text)?;
        let mut variables: Vec<Variable> = Vec::new();
        let mut spanning = None;
        while let Some(expression) = rest {
            let Some((inside, after)) = expression.split_once('}') else {
                return error(format!("`{{{expression}` is not closed; add a `}}`"));
            };
            let (name, spans_segments) = match inside.strip_prefix('+') {
                Some(name) => (name, true),
                None => (inside, false),
            };
            check_name(name, inside)?;
            if variables.iter().any(|known| *known.name == *name) {
                return error(format!(
                    "`{{{name}}}` is in the template twice; give one of them another name"
                ));
            }
            if spans_segments && spanning.replace(variables.len()).is_some() {
                return error(format!(
                    "`{{+{name}}}` is a second variable that can hold `/`; write `{{{name}}}`"
                ));
            }
            if variables.len() == MAX_VARIABLES {
                return error(format!(
                    "a URI template has at most {MAX_VARIABLES} variables; remove `{{{inside}}}`"
                ));
            }
            let (literal, next) = next_literal(after)?;
            if literal.is_empty() && next.is_some() {
                return error(format!(
                    "nothing says where `{{{inside}}}` ends and the next variable begins; put text \
                     between them, such as `/`"
                ));
            }
            variables.push(Variable {
                name: name.into(),
                spans_segments,
                literal: literal.into(),
            });
            rest = next;
        }
        let greedy = spanning.unwrap_or(variables.len().saturating_sub(1));
        // Each has the literal behind it. Those behind the greedy one need the one before them.
        let mut carried = Box::default();
        for variable in variables.iter_mut().skip(greedy) {
            std::mem::swap(&mut carried, &mut variable.literal);
        }
        Ok(Self {
            head: head.into(),
            variables: variables.into(),
            greedy,
            tail: carried,
        })
    }
}

/// The text up to the next `{`, and what follows that.
fn next_literal(text: &str) -> Result<(&str, Option<&str>), TemplateError> {
    let (literal, rest) = match text.split_once('{') {
        Some((literal, rest)) => (literal, Some(rest)),
        None => (text, None),
    };
    check_literal(literal)?;
    Ok((literal, rest))
}

/// The scheme of RFC 3986, which no variable can be part of.
fn check_scheme(text: &str) -> Result<(), TemplateError> {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(fits) {
        return Ok(());
    }
    error("it has no scheme; begin with one, as in `sales://...`")
}

fn check_literal(literal: &str) -> Result<(), TemplateError> {
    for (at, character) in literal.char_indices() {
        if character == '}' {
            return error("`}` closes nothing; remove it, or open a variable with `{`");
        }
        let is_wrong = !character.is_ascii_graphic() || NOT_LITERAL.contains(character);
        if is_wrong {
            let mut encoded = String::new();
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                push_escape(&mut encoded, byte);
            }
            return error(format!(
                "a URI cannot contain {character:?}; write it as `{encoded}`"
            ));
        }
        if character == '%' && literal.get(at..).and_then(escape).is_none() {
            return error(
                "`%` is not followed by two hexadecimal digits; write `%25` for the sign itself",
            );
        }
    }
    Ok(())
}

/// Checks the name of a variable; `inside` is all that stands between the braces.
fn check_name(name: &str, inside: &str) -> Result<(), TemplateError> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let fits = |c: char| is_word(c) || c == '.';
    if name.starts_with(is_word) && name.chars().all(fits) {
        return Ok(());
    }
    if name.is_empty() {
        return error(format!(
            "`{{{inside}}}` has no name; write one between the braces"
        ));
    }
    error(format!(
        "`{{{inside}}}` is no variable that a URI can be matched with; write `{{name}}`, or \
         `{{+name}}` for one that can hold `/`, with a name of ASCII letters, digits, `_` and `.`"
    ))
}
