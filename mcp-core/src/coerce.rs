//! Lossless corrections of what models send: `"5"` or `5.0` for an integer, a structure in quotes.
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
    let whole = whole_number(unquoted.unwrap_or(json)).map(|number| scratch.keep(number));
    unquoted.into_iter().chain(whole)
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
    fn scratch_keeps_every_text() {
        let scratch = Scratch::default();
        let (a, b) = (scratch.keep("a".into()), scratch.keep("b".into()));
        assert_eq!((a, b), ("a", "b"));
    }
}
