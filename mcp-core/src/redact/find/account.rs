//! Numbers under which somebody is kept: bank accounts and US social security.

use std::ops::Range;
use std::sync::LazyLock;

use super::{Pattern, compile, digits, joins, matches};

/// Three groups of digits.
static SSN: Pattern = LazyLock::new(|| compile(r"DIGIT{3}SEPDIGIT{2}SEPDIGIT{4}"));

/// Numbers that the Social Security Administration gives: no group is all zeros, and the first is neither
/// 666 nor above 899.
pub(in super::super) fn social_security_numbers(text: &str) -> Vec<Range<usize>> {
    matches(&SSN, text, |around| {
        let is_part = |c: char| joins(c) || c == '-';
        let number = |values: &[u32]| values.iter().fold(0, |sum, digit| sum * 10 + digit);
        let digits = digits(around.found);
        let (Some(area), Some(group), Some(serial)) =
            (digits.get(..3), digits.get(3..5), digits.get(5..))
        else {
            return false;
        };
        let separators: Vec<char> = around.found.chars().filter(|c| !c.is_numeric()).collect();
        !around.before.is_some_and(is_part)
            && !around.after.is_some_and(is_part)
            && separators.first() == separators.last()
            && !matches!(number(area), 0 | 666 | 900..)
            && number(group) != 0
            && number(serial) != 0
    })
}

/// The head of an account's number: the country and the check digits.
static HEAD: Pattern = LazyLock::new(|| compile(r"(?i)[a-z]{2}[0-9]{2}"));

/// Numbers of bank accounts as ISO 13616 has them: a country's code, its length, and check digits with
/// which the whole is 1 modulo 97.
pub(in super::super) fn ibans(text: &str) -> Vec<Range<usize>> {
    let Some(pattern) = HEAD.as_ref() else {
        return Vec::new();
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(head) = pattern.find_at(text, from) {
        from = head.start() + 1;
        let before = text
            .get(..head.start())
            .and_then(|before| before.chars().next_back());
        if before.is_some_and(joins) {
            continue;
        }
        if let Some(length) = iban_at(text.get(head.start()..).unwrap_or_default()) {
            from = head.start() + length;
            found.push(head.start()..from);
        }
    }
    found
}

/// The length in bytes of the account's number at the beginning of a text.
fn iban_at(text: &str) -> Option<usize> {
    let country = text.get(..2)?.to_ascii_uppercase();
    let wanted = LENGTHS.iter().find_map(|(length, countries)| {
        countries
            .split(' ')
            .any(|known| known == country)
            .then_some(*length)
    })?;
    let mut characters = String::with_capacity(wanted);
    let mut gap = false;
    for (at, c) in text.char_indices() {
        if characters.len() == wanted {
            return (!joins(c) && is_valid(&characters)).then_some(at);
        }
        if c.is_ascii_alphanumeric() {
            characters.push(c.to_ascii_uppercase());
            gap = false;
        } else if super::is_separator(c) && !gap {
            gap = true;
        } else {
            return None;
        }
    }
    (characters.len() == wanted && is_valid(&characters)).then_some(text.len())
}

/// The check of ISO/IEC 7064, MOD 97-10: the first four characters go to the end, letters count from 10.
fn is_valid(characters: &str) -> bool {
    let (head, rest) = characters.split_at_checked(4).unwrap_or_default();
    let remainder = rest.chars().chain(head.chars()).try_fold(0_u32, |sum, c| {
        let value = c.to_digit(36)?;
        let shift = if value < 10 { 10 } else { 100 };
        Some((sum * shift + value) % 97)
    });
    remainder == Some(1)
}

/// Countries by the length of their numbers, as the IBAN registry has them.
const LENGTHS: [(usize, &str); 18] = [
    (15, "NO"),
    (16, "BE"),
    (18, "DK FI FO GL NL SD FK"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU XK MN"),
    (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE IE ME RS VA"),
    (23, "AE GI IL IQ TL OM SO"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "LY PT ST"),
    (26, "IS TR"),
    (27, "BI DJ FR GR IT MC MR SM"),
    (28, "AL AZ BY CY DO GT HN HU LB NI PL SV"),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU YE"),
    (31, "MT SC"),
    (32, "LC"),
    (33, "RU"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn in_text(find: fn(&str) -> Vec<Range<usize>>, text: &str) -> Vec<&str> {
        find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn account_numbers_are_found_and_what_follows_them_is_not_part() {
        for (text, expected) in [
            ("DE89370400440532013000", "DE89370400440532013000"),
            (
                "de89 3704 0044 0532 0130 00 and more",
                "de89 3704 0044 0532 0130 00",
            ),
            (
                "(GB82-WEST-1234-5698-7654-32)",
                "GB82-WEST-1234-5698-7654-32",
            ),
            (
                "支付到FR1420041010050500013M02606。",
                "FR1420041010050500013M02606",
            ),
            ("NO93 8601 1117 947", "NO93 8601 1117 947"),
        ] {
            assert_eq!(in_text(ibans, text), [expected], "{text}");
        }
        for text in [
            "DE89370400440532013001",
            "DE8937040044053201300",
            "ZZ89370400440532013000",
            "XDE89370400440532013000",
            "DE89370400440532013000X",
            "AB12 some words follow here",
        ] {
            assert!(ibans(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn social_security_numbers_are_those_that_can_be_given() {
        for text in ["078-05-1120", "219 09 9999", "078\u{2011}05\u{2011}1120"] {
            let quoted = format!("»{text}«");
            assert_eq!(in_text(social_security_numbers, &quoted), [text]);
        }
        for text in [
            "000-12-3456",
            "666-12-3456",
            "900-12-3456",
            "123-00-4567",
            "123-45-0000",
            "123-45 6789",
            "1123-45-6789",
            "123-45-67890",
            "123-45-6789-0",
        ] {
            assert!(social_security_numbers(text).is_empty(), "{text}");
        }
    }
}
