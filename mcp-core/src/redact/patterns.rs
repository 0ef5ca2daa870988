//! A redactor for what can be told by its form.

use std::fmt;
use std::ops::Range;
use std::pin::Pin;

use regex::Regex;

use super::{Redactor, find};
use crate::builder::BuildError;
use crate::error::Result;
use crate::refusal::Refusal;

/// Kinds of data that [`Patterns`] finds.
///
/// ```
/// use mcp_core::redact::{Kind, Patterns};
///
/// let patterns = Patterns::only([Kind::Email, Kind::Iban]);
/// assert_eq!(patterns.apply("ann@example.com, 192.0.2.1"), "[EMAIL], 192.0.2.1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Addresses of e-mail, those with letters beyond ASCII and with `%40` included.
    Email,
    /// Numbers of bank accounts (ISO 13616): a known country, its length, and the check digits.
    Iban,
    /// Numbers of payment cards: 13 to 19 digits as their issuers give them, with a valid check digit
    /// (Luhn).
    Card,
    /// US social security numbers, in three groups.
    Ssn,
    /// Addresses of IP, version 4 and 6.
    Ip,
    /// Telephone numbers: with `+` and a country, with a leading zero in groups, or as North America
    /// groups them. Ten digits without any sign of it are not taken for one.
    Phone,
}

impl Kind {
    /// All of them, first those that say most about themselves.
    const ALL: [Self; 6] = [
        Self::Email,
        Self::Iban,
        Self::Card,
        Self::Ssn,
        Self::Ip,
        Self::Phone,
    ];

    fn mark(self) -> &'static str {
        match self {
            Self::Email => "[EMAIL]",
            Self::Iban => "[IBAN]",
            Self::Card => "[CARD]",
            Self::Ssn => "[SSN]",
            Self::Ip => "[IP]",
            Self::Phone => "[PHONE]",
        }
    }

    fn find(self, text: &str) -> Vec<Range<usize>> {
        match self {
            Self::Email => find::emails(text),
            Self::Iban => find::ibans(text),
            Self::Card => find::cards(text),
            Self::Ssn => find::social_security_numbers(text),
            Self::Ip => find::ip_addresses(text),
            Self::Phone => find::phones(text),
        }
    }
}

/// A redactor that knows personal data by its form, and patterns of your own. What it finds is replaced by
/// the name of its kind, such as `[EMAIL]`.
///
/// Its time is linear in the length of a text. It knows nothing by its meaning: no names, no addresses
/// of houses, no diagnoses. A number without groups can be many things, and only cards are told by their
/// check digit. What is split over two texts is not found.
///
/// ```
/// use mcp_core::redact::Patterns;
///
/// let patterns = Patterns::all().pattern("MRN", r"\bMRN-\d{6}\b").unwrap();
/// let text = "MRN-004711 paid with 4111 1111 1111 1111";
/// assert_eq!(patterns.apply(text), "[MRN] paid with [CARD]");
/// ```
#[derive(Clone)]
pub struct Patterns {
    kinds: Vec<Kind>,
    own: Vec<(String, Regex)>,
}

impl Patterns {
    /// Every [`Kind`]. Example: [`Patterns`].
    pub fn all() -> Self {
        Self::only(Kind::ALL)
    }

    /// These kinds alone. Example: [`Kind`].
    pub fn only(kinds: impl IntoIterator<Item = Kind>) -> Self {
        let wanted: Vec<Kind> = kinds.into_iter().collect();
        let kinds = Kind::ALL.into_iter().filter(|kind| wanted.contains(kind));
        Self {
            kinds: kinds.collect(),
            own: Vec::new(),
        }
    }

    /// A pattern of your own, as the crate [`regex`](https://docs.rs/regex/1/regex/#syntax) has it. What
    /// it matches is replaced by the name in brackets. Example: [`Patterns`].
    ///
    /// # Errors
    ///
    /// When the pattern is none, needs more than 10 MiB, or matches an empty text.
    pub fn pattern(mut self, name: impl Into<String>, pattern: &str) -> Result<Self, BuildError> {
        let name = name.into();
        let compiled = Regex::new(pattern).map_err(|error| {
            BuildError::new(
                Refusal::RedactionPattern,
                format!("the pattern `{name}` cannot be compiled: {error}"),
            )
        })?;
        if compiled.is_match("") {
            return Err(BuildError::new(
                Refusal::RedactionPattern,
                format!(
                    "the pattern `{name}` matches nothing at all, and so every text everywhere; let it \
                 ask for one character at least"
                ),
            ));
        }
        self.own.push((format!("[{name}]"), compiled));
        Ok(self)
    }

    /// The text as it may be sent. Example: [`Patterns`].
    pub fn apply(&self, text: &str) -> String {
        let mut found = self.find(text);
        if let Some(plain) = without_escapes(text) {
            found.extend(self.find(&plain));
        }
        if found.is_empty() {
            return text.to_owned();
        }
        // Stable, so that of two that begin together the first kind gives its name.
        found.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for (range, mark) in found {
            if range.start >= end {
                out.push_str(text.get(end..range.start).unwrap_or_default());
                out.push_str(mark);
            }
            // What overlaps with the one before goes with it.
            end = end.max(range.end);
        }
        out.push_str(text.get(end..).unwrap_or_default());
        out
    }

    fn find(&self, text: &str) -> Vec<(Range<usize>, &str)> {
        let mut found = Vec::new();
        for (mark, pattern) in &self.own {
            let ranges = pattern.find_iter(text).map(|found| found.range());
            found.extend(ranges.map(|range| (range, mark.as_str())));
        }
        for kind in &self.kinds {
            let ranges = kind.find(text).into_iter();
            found.extend(ranges.map(|range| (range, kind.mark())));
        }
        found
    }
}

/// The text with spaces in the places of its escapes, in which everything stands where it did. `None` if
/// there are none.
///
/// A text can be JSON or a part of it. Then the `n` of a line break is a letter before a number only by its
/// looks.
fn without_escapes(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let length = match after.as_bytes() {
            [b'u', code @ ..] => {
                let code = code
                    .iter()
                    .take(4)
                    .take_while(|byte| byte.is_ascii_hexdigit());
                1 + code.count()
            }
            [b'b' | b'f' | b'n' | b'r' | b't' | b'"' | b'\\' | b'/', ..] => 1,
            _ => 0,
        };
        out.extend(std::iter::repeat_n(' ', 1 + length));
        rest = after.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    Some(out)
}

impl Redactor for Patterns {
    fn redact<'t>(
        &'t self,
        texts: &'t mut [String],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 't>> {
        Box::pin(async move {
            for text in texts {
                *text = self.apply(text);
            }
            Ok(())
        })
    }
}

impl fmt::Debug for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patterns")
            .field("kinds", &self.kinds)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_escape_stands_before_is_found() {
        let patterns = Patterns::all();
        for (text, expected) in [
            (r"a\n078-05-1120", r"a\n[SSN]"),
            (r"\u00a0192.0.2.1\\", r"\u00a0[IP]\\"),
            (r"\f2001:db8::1\t", r"\f[IP]\t"),
            (
                r#"{"a":"\r\nDE89370400440532013000"}"#,
                r#"{"a":"\r\n[IBAN]"}"#,
            ),
            (r"C:\new\ann@example.com", r"C:\new\[EMAIL]"),
            (r"größe \ \u00", r"größe \ \u00"),
        ] {
            assert_eq!(patterns.apply(text), expected);
        }
    }

    #[test]
    fn what_overlaps_is_one() {
        let patterns = Patterns::all()
            .pattern("A", "ann")
            .unwrap()
            .pattern("B", "nn@")
            .unwrap();
        assert_eq!(patterns.apply("to ann@example.com!"), "to [A]!");
        assert_eq!(patterns.apply("ann anne"), "[A] [A]e");
    }
}
