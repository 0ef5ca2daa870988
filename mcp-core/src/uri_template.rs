//! URI templates: one text that stands for the URIs of many resources.
//!
//! The part of [RFC 6570] that works in both directions: literals, `{x}` for one segment and
//! `{+x}` for text with slashes in it. So a URI matches in one way or not at all.
//!
//! [RFC 6570]: https://www.rfc-editor.org/rfc/rfc6570

mod parse;
mod percent;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::{Display, Write as _};

/// The scheme whose URIs name files.
const FILE: &str = "file:";

/// The most bytes of a URI that is looked at.
const MAX_URI: usize = 8 * 1024;

/// A URI with variables in it.
///
/// ```text
/// sales://customers/{customer_id}/summary             with "Müller & Sons" is
/// sales://customers/M%C3%BCller%20%26%20Sons/summary  and the other way round
/// ```
#[derive(Clone, Debug)]
pub(crate) struct Template {
    /// The text before the first variable. Begins with the scheme.
    head: Box<str>,
    variables: Box<[Variable]>,
    /// Which variable takes what the others leave: the one that spans segments, or the last.
    greedy: usize,
    /// The text behind the last variable.
    tail: Box<str>,
}

#[derive(Clone, Debug)]
struct Variable {
    name: Box<str>,
    /// Whether it is written `{+x}`.
    spans_segments: bool,
    /// The text between this variable and the next one on the way to the greedy one. Empty for the
    /// greedy one alone.
    literal: Box<str>,
}

impl Template {
    /// The names of the variables, in the order of the template.
    #[cfg(test)]
    pub(crate) fn variables(&self) -> impl ExactSizeIterator<Item = &str> {
        self.variables.iter().map(|variable| &*variable.name)
    }

    /// Whether the template is one URI.
    pub(crate) fn is_static(&self) -> bool {
        self.variables.is_empty()
    }

    /// The number of literal characters. Of two templates that match a URI, the one with more of
    /// them says more about it.
    pub(crate) fn specificity(&self) -> usize {
        let between = self.variables.iter().map(|variable| variable.literal.len());
        self.head.len() + between.sum::<usize>() + self.tail.len()
    }

    /// The values of the variables, decoded, if all of `uri` is one of this template.
    ///
    /// The scheme is compared without case, other literals exactly. `{x}` is one or more characters
    /// but `/`, `?` and `#`; `{+x}` is one or more of any. Values are decoded once, so a `{x}` holds
    /// a `/` where the URI has `%2F`. A value that is no UTF-8, holds NUL or has a segment `.` or
    /// `..` matches nothing: joined to a path it does not climb. Below a folder of a `file:` template
    /// it does not begin with `/`, `\` or a drive either, which `Path::join` takes as a path of its
    /// own; elsewhere it can. Control characters that are not encoded match nothing.
    ///
    /// Where the literals leave a choice, the variables before the greedy one are as short as
    /// possible, and so are those behind it, seen from the end. Nothing has to be tried again: a
    /// shorter value leaves more for the next variable, and could only leave it a `/` that is part
    /// of the literal between them, which then stands in one place only. So each variable compares
    /// its literal with each place of the URI at most once, and the time is linear in the URI.
    pub(crate) fn matches<'u>(&self, uri: &'u str) -> Option<Vec<Cow<'u, str>>> {
        if uri.len() > MAX_URI || uri.contains(char::is_control) {
            return None;
        }
        self.split(uri).filter(|values| self.stays_below(values))
    }

    /// Whether no value is a path of its own where the template names a folder of files. One that
    /// names all files has no folder to leave.
    fn stays_below(&self, values: &[Cow<'_, str>]) -> bool {
        let scheme = self.head.get(..FILE.len()).unwrap_or_default();
        let has_folder = scheme.eq_ignore_ascii_case(FILE) && self.head.len() > "file:///".len();
        !(has_folder && values.iter().any(|value| is_absolute(value)))
    }

    fn split<'u>(&self, uri: &'u str) -> Option<Vec<Cow<'u, str>>> {
        let rest = strip_head(uri, &self.head)?;
        let Some((before, greedy, behind)) = self.around_greedy() else {
            return rest.is_empty().then(Vec::new);
        };
        let mut rest = rest.strip_suffix(&*self.tail)?;
        let mut values = Vec::with_capacity(self.variables.len());
        for variable in before {
            let at = find(rest, &variable.literal, 1..rest.len())?;
            let (value, after) = rest.split_at_checked(at)?;
            values.push(variable.read(value)?);
            rest = after.strip_prefix(&*variable.literal)?;
        }
        let mut from_end = Vec::with_capacity(behind.len());
        for variable in behind.iter().rev() {
            let last = rest.len().saturating_sub(variable.literal.len());
            let at = find(rest, &variable.literal, (0..last).rev())?;
            let (left, value) = rest.split_at_checked(at)?;
            from_end.push(variable.read(value.strip_prefix(&*variable.literal)?)?);
            rest = left;
        }
        values.push(greedy.read(rest)?);
        values.extend(from_end.into_iter().rev());
        Some(values)
    }

    /// The URI that has these values, in the order of the variables. One that is missing is empty,
    /// one too many is ignored; a URI with an empty value matches nothing.
    ///
    /// Encoded are, in a `{x}`, all but the unreserved characters of RFC 3986, and in a `{+x}` those
    /// that are neither unreserved nor reserved nor a `%XX`. Beyond RFC 6570, a character of a `{x}`
    /// is encoded also where it would look like the literal that ends the variable: `{a}-{b}` has
    /// `x%2Dy-z` for `x-y` and `z`, without which `x` and `y-z` would be read back.
    pub(crate) fn expand(&self, values: &[&dyn Display]) -> String {
        let mut values = values.iter();
        let mut out = String::from(&*self.head);
        let mut text = String::new();
        for (index, variable) in self.variables.iter().enumerate() {
            text.clear();
            if let Some(value) = values.next() {
                // Cannot fail but by a `Display` that says so, and then there is no more to write.
                let _ = write!(text, "{value}");
            }
            let encoded = percent::encode(&text, variable.spans_segments);
            let literal = &*variable.literal;
            if index < self.greedy {
                let joined = format!("{encoded}{literal}");
                let looks_like_it = |at| joined.get(at..).is_some_and(|it| it.starts_with(literal));
                out.push_str(&percent::encode_where(&encoded, looks_like_it));
                out.push_str(literal);
            } else {
                let joined = format!("{literal}{encoded}");
                let looks_like_it = |at| {
                    let end = literal.len() + at + 1;
                    let is_greedy = literal.is_empty();
                    !is_greedy && joined.get(..end).is_some_and(|it| it.ends_with(literal))
                };
                out.push_str(literal);
                out.push_str(&percent::encode_where(&encoded, looks_like_it));
            }
        }
        out.push_str(&self.tail);
        out
    }

    /// The variables before the greedy one, it, and those behind it; `None` without variables.
    fn around_greedy(&self) -> Option<(&[Variable], &Variable, &[Variable])> {
        let (before, others) = self.variables.split_at_checked(self.greedy)?;
        let (greedy, behind) = others.split_first()?;
        Some((before, greedy, behind))
    }
}

impl Variable {
    /// The value that stands in a URI as `text`.
    fn read<'u>(&self, text: &'u str) -> Option<Cow<'u, str>> {
        if text.is_empty() || !self.spans_segments && text.contains(['/', '?', '#']) {
            return None;
        }
        let value = percent::decode(text)?;
        // Both separators: what a value names can be a file on any system.
        let mut segments = value.split(['/', '\\']);
        let is_plain = !value.contains('\0') && segments.all(|it| it != "." && it != "..");
        is_plain.then_some(value)
    }
}

/// Whether a path would replace the one that it is joined to, on any system.
fn is_absolute(path: &str) -> bool {
    let mut bytes = path.bytes();
    match bytes.next() {
        Some(b'/' | b'\\') => true,
        Some(first) => first.is_ascii_alphabetic() && bytes.next() == Some(b':'),
        None => false,
    }
}

/// What follows `head` in `uri`.
fn strip_head<'u>(uri: &'u str, head: &str) -> Option<&'u str> {
    let scheme = head.find(':')?;
    let (given, after) = uri.split_at_checked(head.len())?;
    let (given_scheme, given_rest) = given.split_at_checked(scheme)?;
    let (scheme, rest) = head.split_at_checked(scheme)?;
    (given_scheme.eq_ignore_ascii_case(scheme) && given_rest == rest).then_some(after)
}

/// The first of these places where `literal` stands, not counting the digits of a `%XX`.
fn find(text: &str, literal: &str, mut places: impl Iterator<Item = usize>) -> Option<usize> {
    places.find(|&at| {
        let fits = text.get(at..).is_some_and(|it| it.starts_with(literal));
        fits && !percent::is_digit_of_escape(text, at)
    })
}
