//! How somebody can be reached: e-mail, IP, telephone.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::LazyLock;

use super::{Around, Pattern, compile, digits, joins, matches};

/// Of the characters that RFC 5322 and RFC 6531 allow without quotes, those that do not part addresses
/// from what surrounds them. The `@` may be full-width or,
/// as in a URL, encoded.
static EMAIL: Pattern = LazyLock::new(|| {
    compile(
        r"(?i)[\p{L}\p{N}\p{M}.!#$'*+^_`{|}~-]+(?:@|\u{ff20}|%40)(?:[\p{L}\p{N}\p{M}-]+\.)+[\p{L}\p{M}]{2,}",
    )
});

pub(in super::super) fn emails(text: &str) -> Vec<Range<usize>> {
    matches(&EMAIL, text, |_| true)
}

static IPV4: Pattern = LazyLock::new(|| compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"));
static IPV6: Pattern = LazyLock::new(|| compile(r"[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*"));

pub(in super::super) fn ip_addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = matches(&IPV4, text, |around| {
        // Not the beginning of a longer number with dots.
        let goes_on =
            around.after == Some('.') && around.beyond.is_some_and(|next| next.is_ascii_digit());
        around.is_word()
            && around.before != Some('.')
            && !goes_on
            && around.found.parse::<Ipv4Addr>().is_ok()
    });
    if text.contains(':') {
        found.extend(v6(text));
    }
    found
}

fn v6(text: &str) -> Vec<Range<usize>> {
    let Some(pattern) = IPV6.as_ref() else {
        return Vec::new();
    };
    let found = pattern.find_iter(text).filter_map(|found| {
        // The end of a sentence is not the end of the address.
        let candidate = found.as_str().trim_end_matches(['.', ':']);
        let candidate = if found.as_str().starts_with(&format!("{candidate}::")) {
            found.as_str().get(..candidate.len() + 2)?
        } else {
            candidate
        };
        let range = found.start()..found.start() + candidate.len();
        // A path in a program has colons too, and seldom digits.
        let is_address = candidate.bytes().any(|byte| byte.is_ascii_digit())
            && candidate.parse::<Ipv6Addr>().is_ok()
            && Around::new(text, &range).is_word();
        is_address.then_some(range)
    });
    found.collect()
}

/// With a country: E.164 has at most 15 digits.
static INTERNATIONAL: Pattern =
    LazyLock::new(|| compile(r"[+\u{ff0b}]DIGIT(?:(?:SEP|[./()]){0,3}DIGIT){7,14}"));

/// As in North America: area, exchange and line.
static NORTH_AMERICAN: Pattern = LazyLock::new(|| {
    compile(
        r"(?:1(?:SEP|\.))?(?:\([2-9]DIGIT{2}\)(?:SEP|\.)?|[2-9]DIGIT{2}(?:SEP|\.))[2-9]DIGIT{2}(?:SEP|\.)DIGIT{4}",
    )
});

/// In groups, the first with a zero for the trunk or two for another country.
static NATIONAL: Pattern =
    LazyLock::new(|| compile(r"\(?(?:00?[1-9])DIGIT{0,4}\)?(?:(?:SEP|/){1,3}DIGIT{2,8}){1,5}"));

pub(in super::super) fn phones(text: &str) -> Vec<Range<usize>> {
    let ends = |around: &Around<'_>| {
        // More digits make it a number of another kind.
        !around.after.is_some_and(joins)
    };
    let mut found = matches(&INTERNATIONAL, text, |around| {
        !around.before.is_some_and(joins) && ends(&around)
    });
    found.extend(matches(&NORTH_AMERICAN, text, |around| {
        let part_of_more = |c: char| joins(c) || matches!(c, '.' | '-');
        let goes_on = around.after.is_some_and(|c| matches!(c, '.' | '-'))
            && around.beyond.is_some_and(char::is_numeric);
        !around.before.is_some_and(part_of_more) && ends(&around) && !goes_on
    }));
    found.extend(matches(&NATIONAL, text, |around| {
        let count = digits(around.found).len();
        around.is_word()
            && !around
                .before
                .is_some_and(|c| matches!(c, '.' | ',' | '-' | '+'))
            && (9..=14).contains(&count)
            && !is_date(around.found)
    }));
    found
}

/// A date that begins with the day or month, perhaps with a time after it.
fn is_date(found: &str) -> bool {
    let mut groups = found
        .split(|c: char| !c.is_numeric())
        .filter(|group| !group.is_empty());
    let (Some(first), Some(second), Some(third)) = (groups.next(), groups.next(), groups.next())
    else {
        return false;
    };
    let in_century = third.len() == 4 && (third.starts_with("19") || third.starts_with("20"));
    first.len() == 2 && second.len() == 2 && in_century
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_text(find: fn(&str) -> Vec<Range<usize>>, text: &str) -> Vec<&str> {
        find(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn emails_are_found_wherever_they_stand() {
        for (text, expected) in [
            (
                "<ann.o'neil+x@mail.example.co.uk>",
                "ann.o'neil+x@mail.example.co.uk",
            ),
            ("to jörg@müller.de.", "jörg@müller.de"),
            ("电邮：用户@例子.公司。", "用户@例子.公司"),
            ("mailto:a@b.io?subject=x", "a@b.io"),
            ("/customers/ann%40example.com/orders", "ann%40example.com"),
        ] {
            assert_eq!(in_text(emails, text), [expected], "{text}");
        }
        for text in ["user@localhost", "@handle", "a @ b.c", "5 @ 3.20", "x@1.2"] {
            assert!(emails(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn addresses_of_both_versions_are_found_and_no_times_or_paths() {
        for (text, expected) in [
            ("from 192.0.2.17:443", "192.0.2.17"),
            ("(203.0.113.9).", "203.0.113.9"),
            ("2001:db8::8a2e:370:7334.", "2001:db8::8a2e:370:7334"),
            ("at fe80::1 today", "fe80::1"),
            ("[::ffff:192.0.2.1]", "::ffff:192.0.2.1"),
            ("2001:db8::", "2001:db8::"),
        ] {
            assert!(in_text(ip_addresses, text).contains(&expected), "{text}");
        }
        for text in [
            "12:30:45",
            "std::net::Ipv4",
            "1.2.3",
            "1.2.3.4.5",
            "300.1.1.1",
            "a::b",
            "::",
        ] {
            assert!(ip_addresses(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn telephone_numbers_are_found_and_no_dates_amounts_or_ids() {
        for (text, expected) in [
            ("+14155552671", "+14155552671"),
            ("call +49 (0)30 901820-17!", "+49 (0)30 901820-17"),
            ("（＋８１３１２３４５６７８）", "＋８１３１２３４５６７８"),
            ("(415) 555-2671", "(415) 555-2671"),
            ("415.555.2671,", "415.555.2671"),
            ("1-415-555-2671", "1-415-555-2671"),
            ("Tel. 030 / 901 82 017", "030 / 901 82 017"),
            ("05 12 34 56 78", "05 12 34 56 78"),
            ("0049 30 901820", "0049 30 901820"),
            ("020\u{a0}7946\u{2011}0958", "020\u{a0}7946\u{2011}0958"),
        ] {
            assert_eq!(in_text(phones, text), [expected], "{text}");
        }
        for text in [
            "2026-11-25",
            "01-02-2026 10",
            "01/02/2026 10:30",
            "1700000000",
            "4155552671",
            "0-306-40615-2",
            "978-0-306-40615-7",
            "0.123456789",
            "1,234,567,890",
            "+1 234",
            "0000-1111-2222",
            "v415.555.2671.9",
            "1234-5678-9012",
            "00:15:00",
        ] {
            assert!(
                phones(text).is_empty(),
                "{text}: {:?}",
                in_text(phones, text)
            );
        }
    }
}
