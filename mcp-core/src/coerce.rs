//! Lossless corrections of what models send: `"5"` or `5.0` for an integer, a structure in quotes,
//! whole numbers with a point inside a structure.
//!
//! Only tried after the value itself did not fit, so text stays text where text is expected.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::jsonrpc;

/// Corrected texts that live as long as the request, so that arguments may borrow from them.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    text: OnceLock<Box<str>>,
    next: OnceLock<Box<Scratch>>,
}

impl Scratch {
    pub(crate) fn keep(&self, text: String) -> &str {
        let mut text = text.into_boxed_str();
        let mut node = self;
        loop {
            match node.text.set(text) {
                Ok(()) => return node.text.get().map_or("", |text| text),
                Err(taken) => text = taken,
            }
            node = node.next.get_or_init(Box::default);
        }
    }
}

/// Other readings of a raw JSON value, most literal first.
pub(crate) fn candidates<'c>(json: &'c str, scratch: &'c Scratch) -> impl Iterator<Item = &'c str> {
    let unquoted = jsonrpc::text(json).map(|text| match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(text) => scratch.keep(text),
    });
    let unquoted = unquoted.map(str::trim).filter(|text| {
        let first = text.bytes().next();
        matches!(*text, "true" | "false")
            || first.is_some_and(|byte| matches!(byte, b'{' | b'[' | b'-' | b'0'..=b'9'))
    });
    let plain = unquoted.unwrap_or(json);
    let whole = match plain.as_bytes().first() {
        Some(b'{' | b'[') => whole_inside(plain),
        _ => whole_number(plain),
    };
    let whole = whole.map(|json| scratch.keep(json));
    unquoted.into_iter().chain(whole)
}

/// A structure with its whole numbers written without a point; `None` when none has one.
fn whole_inside(json: &str) -> Option<String> {
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
    let mut changed = String::with_capacity(json.len());
    let mut is_changed = false;
    let mut rest = json;
    while let Some(next) = rest.find(['"', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
        let (before, from) = rest.split_at(next);
        changed.push_str(before);
        let length = if from.starts_with('"') {
            end_of_text(from)
        } else {
            from.find(|c| !is_of_number(c)).unwrap_or(from.len())
        };
        let (token, after) = from.split_at(length);
        match whole_number(token) {
            Some(whole) => {
                is_changed = true;
                changed.push_str(&whole);
            }
            None => changed.push_str(token),
        }
        rest = after;
    }
    changed.push_str(rest);
    is_changed.then_some(changed)
}

/// How long the text is that JSON begins with, quotes included.
fn end_of_text(json: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    json.len()
}

/// `5.0`, `50e-1` and `5e0` as `5`; `None` for other numbers and for what is already whole.
fn whole_number(json: &str) -> Option<String> {
    let digits = json.strip_prefix('-').unwrap_or(json);
    let sign = if digits.len() == json.len() { "" } else { "-" };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than any integer type has are not worth building.
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || exponent.abs() > 40 {
        return None;
    }
    if fraction.is_empty() && exponent == 0 {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let shift = usize::try_from(i32::try_from(whole.len()).ok()?.checked_add(exponent)?).ok();
    let digits = match shift {
        Some(shift) if shift >= digits.len() => format!("{digits:0<shift$}"),
        shift => {
            // The point falls inside or before the digits: what follows it has to be zeros.
            let (kept, cut) = digits.split_at_checked(shift.unwrap_or(0))?;
            if cut.bytes().any(|byte| byte != b'0') {
                return None;
            }
            kept.to_owned()
        }
    };
    let digits = digits.trim_start_matches('0');
    Some(if digits.is_empty() {
        "0".to_owned()
    } else {
        format!("{sign}{digits}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(json: &str) -> Vec<String> {
        let scratch = Scratch::default();
        candidates(json, &scratch).map(str::to_owned).collect()
    }

    #[test]
    fn quoted_scalars_and_structures_are_unquoted() {
        assert_eq!(all("\"5\""), ["5"]);
        assert_eq!(all("\" true \""), ["true"]);
        assert_eq!(all(r#""[1, 2]""#), ["[1, 2]"]);
        assert_eq!(all(r#""{\"a\":1}""#), [r#"{"a":1}"#]);
        assert_eq!(all("\"5.0\""), ["5.0", "5"]);
    }

    #[test]
    fn other_text_is_left_alone() {
        assert!(all("\"five\"").is_empty());
        assert!(all("\"null\"").is_empty());
        assert!(all("\"\"").is_empty());
        assert!(all("true").is_empty());
    }

    #[test]
    fn only_lossless_numbers_become_whole() {
        for (json, whole) in [
            ("5.0", Some("5")),
            ("-5.00", Some("-5")),
            ("1e3", Some("1000")),
            ("1.5e1", Some("15")),
            ("1500e-2", Some("15")),
            ("0.0", Some("0")),
            ("-0.0", Some("0")),
            ("5.5", None),
            ("15e-2", None),
            ("5", None),
            ("1e400", None),
            ("true", None),
        ] {
            assert_eq!(whole_number(json).as_deref(), whole, "{json}");
        }
    }

    #[test]
    fn whole_numbers_inside_structures_lose_their_points_and_nothing_else_changes() {
        for (json, changed) in [
            ("[1.0, -2.50, 1e2]", Some("[1, -2.50, 100]")),
            (
                r#"{"1.0": "2.0", "a\"1.0": [0.0]}"#,
                Some(r#"{"1.0": "2.0", "a\"1.0": [0]}"#),
            ),
            (r#"{"a": "1.0"}"#, None),
            ("[1, 2.5]", None),
            (r#"["äöü\\", 3.0]"#, Some(r#"["äöü\\", 3]"#)),
        ] {
            assert_eq!(whole_inside(json).as_deref(), changed, "{json}");
        }
        assert_eq!(all(r#""[1.0]""#), ["[1.0]", "[1]"]);
    }

    #[test]
    fn scratch_keeps_every_text() {
        let scratch = Scratch::default();
        let (a, b) = (scratch.keep("a".into()), scratch.keep("b".into()));
        assert_eq!((a, b), ("a", "b"));
    }
}
