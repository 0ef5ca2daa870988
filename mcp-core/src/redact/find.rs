//! Where personal data of a known form stands in a text.

mod account;
mod card;
mod contact;

pub(super) use account::{ibans, social_security_numbers};
pub(super) use card::cards;
pub(super) use contact::{emails, ip_addresses, phones};

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// What people put between groups of digits: spaces, hyphens and dashes.
const SEPARATOR: &str = r"[\x20\u{a0}\u{2007}\u{2009}\u{202f}\-\u{2010}-\u{2015}]";

fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' | '-' | '\u{2010}'..='\u{2015}'
    )
}

/// A pattern of ours; `None` if it were wrong, which a test rules out.
type Pattern = LazyLock<Option<Regex>>;

fn compile(pattern: &str) -> Option<Regex> {
    // Digits are those of ASCII and their full-width forms.
    let pattern = pattern
        .replace("DIGIT", r"[0-9\u{ff10}-\u{ff19}]")
        .replace("SEP", SEPARATOR);
    Regex::new(&pattern).ok()
}

/// The matches of a pattern that are what they look like.
fn matches(
    pattern: &Pattern,
    text: &str,
    is_one: impl Fn(Around<'_>) -> bool,
) -> Vec<Range<usize>> {
    let Some(pattern) = pattern.as_ref() else {
        return Vec::new();
    };
    let found = pattern.find_iter(text).map(|found| found.range());
    found
        .filter(|range| is_one(Around::new(text, range)))
        .collect()
}

/// A match and the characters before and after it.
struct Around<'t> {
    before: Option<char>,
    found: &'t str,
    after: Option<char>,
    /// The one after the next.
    beyond: Option<char>,
}

impl<'t> Around<'t> {
    fn new(text: &'t str, range: &Range<usize>) -> Self {
        let mut after = text.get(range.end..).unwrap_or_default().chars();
        Self {
            before: text
                .get(..range.start)
                .and_then(|before| before.chars().next_back()),
            found: text.get(range.clone()).unwrap_or_default(),
            after: after.next(),
            beyond: after.next(),
        }
    }

    /// Whether it stands by itself: neither letters nor digits touch it.
    fn is_word(&self) -> bool {
        !self.before.is_some_and(joins) && !self.after.is_some_and(joins)
    }
}

/// Whether a character goes on with a number or a name beside it. Scripts that put no spaces between words
/// do not.
fn joins(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || digit(c).is_some()
}

/// The value of a decimal digit, in ASCII or full width.
fn digit(c: char) -> Option<u32> {
    match c {
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(c) - 0xff10),
        _ => c.to_digit(10),
    }
}

fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(digit).collect()
}
