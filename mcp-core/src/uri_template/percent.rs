//! Percent-encoding, as RFC 3986 has it.

use std::borrow::Cow;

/// Encodes what is not unreserved. With `keep_reserved`, reserved characters and whole `%XX` stay
/// as they are.
pub(super) fn encode(text: &str, keep_reserved: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let kept = match character {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '.' | '_' | '~' => true,
            '%' => keep_reserved && text.get(at..).and_then(escape).is_some(),
            reserved => keep_reserved && ":/?#[]@!$&'()*+,;=".contains(reserved),
        };
        if kept {
            out.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                push_escape(&mut out, byte);
            }
        }
    }
    out
}

/// Encodes those characters of something encoded that stand where `wanted` says, as far as they
/// are not part of a `%XX` already.
pub(super) fn encode_where(encoded: &str, wanted: impl Fn(usize) -> bool) -> String {
    let mut out = String::with_capacity(encoded.len());
    for (at, character) in encoded.char_indices() {
        let is_free = character != '%' && !is_digit_of_escape(encoded, at);
        match u8::try_from(character) {
            Ok(byte) if is_free && wanted(at) => push_escape(&mut out, byte),
            _ => out.push(character),
        }
    }
    out
}

/// Decodes once. `None` for a `%` that begins no `%XX`, and for bytes that are no UTF-8.
pub(super) fn decode(text: &str) -> Option<Cow<'_, str>> {
    let mut parts = text.split('%');
    let first = parts.next().unwrap_or_default();
    if first.len() == text.len() {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    bytes.extend_from_slice(first.as_bytes());
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(hex(digits)?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// Whether the character at `at` is one of the two behind a `%`.
pub(super) fn is_digit_of_escape(text: &str, at: usize) -> bool {
    let is_percent = |back: usize| {
        let before = at.checked_sub(back);
        before.and_then(|it| text.as_bytes().get(it)) == Some(&b'%')
    };
    is_percent(1) || is_percent(2)
}

/// The byte of the `%XX` that `text` begins with.
pub(super) fn escape(text: &str) -> Option<u8> {
    hex(text.strip_prefix('%')?.get(..2)?)
}

/// Appends `byte` as `%XX`.
pub(super) fn push_escape(out: &mut String, byte: u8) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    out.push('%');
    for digit in [byte >> 4, byte & 15] {
        out.extend(DIGITS.get(usize::from(digit)));
    }
}

fn hex(digits: &str) -> Option<u8> {
    // `from_str_radix` takes a sign, too.
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    are_digits.then(|| u8::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_encoded_and_decoded() {
        for byte in 0..=u8::MAX {
            let mut escaped = String::new();
            push_escape(&mut escaped, byte);
            assert_eq!(escaped, format!("%{byte:02X}"));
            assert_eq!(escape(&escaped), Some(byte));
            assert_eq!(escape(&escaped.to_lowercase()), Some(byte));
        }
    }

    #[test]
    fn only_unreserved_characters_stay_or_also_reserved_ones_and_escapes() {
        let text = "aZ9-._~ :/?#[]@!$&'()*+,;=%2f%zz%\"ä";
        let all = "aZ9-._~%20%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D%252f%25zz%25\
                   %22%C3%A4";
        assert_eq!(encode(text, false), all);
        let some = "aZ9-._~%20:/?#[]@!$&'()*+,;=%2f%25zz%25%22%C3%A4";
        assert_eq!(encode(text, true), some);
        assert_eq!(decode(all).unwrap(), text);
    }

    #[test]
    fn decoding_happens_once() {
        assert_eq!(decode("%252F").unwrap(), "%2F");
        assert!(matches!(decode("plain ä"), Some(Cow::Borrowed("plain ä"))));
    }

    #[test]
    fn broken_escapes_and_broken_utf_8_decode_to_nothing() {
        for text in [
            "%",
            "%4",
            "a%",
            "%zz",
            "%+1",
            "%-1",
            "%%41",
            "%4ä",
            "%ä",
            "%ff",
            "%C3",
            "%ED%A0%80",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
