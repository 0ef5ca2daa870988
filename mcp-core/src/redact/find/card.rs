//! Numbers of payment cards.

use std::ops::Range;
use std::sync::LazyLock;

use super::{Around, Pattern, compile, digit};

/// Digits with at most one separator between two.
static RUN: Pattern = LazyLock::new(|| compile(r"DIGIT(?:SEP?DIGIT){11,}"));

/// Where numbers of cards stand: groups of digits that begin and end with a group, have the beginning and
/// the length of an issuer's numbers, and a valid check digit (ISO/IEC 7812-1, the Luhn formula).
pub(in super::super) fn cards(text: &str) -> Vec<Range<usize>> {
    let Some(pattern) = RUN.as_ref() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for run in pattern.find_iter(text) {
        let around = Around::new(text, &run.range());
        let is_point = |c: Option<char>| matches!(c, Some('.' | ','));
        let is_digit = |c: Option<char>| c.is_some_and(|c| digit(c).is_some());
        let before = text.get(..run.start()).unwrap_or_default();
        let of_fraction = is_point(around.before) && is_digit(before.chars().rev().nth(1));
        let has_fraction = is_point(around.after) && is_digit(around.beyond);
        if !of_fraction && !has_fraction {
            in_run(run.as_str(), run.start(), &mut found);
        }
    }
    found
}

/// A digit of a run.
struct Place {
    value: u32,
    at: usize,
    end: usize,
    /// Whether a group begins here, or ends.
    first: bool,
    last: bool,
}

fn in_run(run: &str, offset: usize, found: &mut Vec<Range<usize>>) {
    let mut places: Vec<Place> = Vec::new();
    let mut first = true;
    for (at, c) in run.char_indices() {
        let Some(value) = digit(c) else {
            if let Some(place) = places.last_mut() {
                place.last = true;
            }
            first = true;
            continue;
        };
        places.push(Place {
            value,
            at,
            end: at + c.len_utf8(),
            first,
            last: false,
        });
        first = false;
    }
    if let Some(place) = places.last_mut() {
        place.last = true;
    }
    let mut start = 0;
    while let Some(rest) = places.get(start..).filter(|rest| rest.len() >= SHORTEST) {
        let length = card_at(rest);
        let end = length.and_then(|length| rest.get(length - 1));
        if let (Some(length), Some(begin), Some(end)) = (length, rest.first(), end) {
            found.push(offset + begin.at..offset + end.end);
            start += length;
        } else {
            start += 1;
        }
    }
}

const SHORTEST: usize = 13;
const LONGEST: usize = 19;

/// The length of the card's number that these digits begin with.
fn card_at(places: &[Place]) -> Option<usize> {
    if !places.first().is_some_and(|place| place.first) {
        return None;
    }
    let values: Vec<u32> = places
        .iter()
        .take(LONGEST)
        .map(|place| place.value)
        .collect();
    (SHORTEST..=values.len()).rev().find(|length| {
        let ends = places.get(length - 1).is_some_and(|place| place.last);
        ends && values
            .get(..*length)
            .is_some_and(|values| is_issued(values) && luhn(values))
    })
}

/// Whether an issuer gives numbers of this beginning and length.
fn is_issued(values: &[u32]) -> bool {
    let prefix = |count: usize| {
        values
            .iter()
            .take(count)
            .fold(0, |sum, digit| sum * 10 + digit)
    };
    match (prefix(2), values.len()) {
        (22..=27, 16) => (2221..=2720).contains(&prefix(4)),
        (35, 16..=19) => (3528..=3589).contains(&prefix(4)),
        (40..=49, 13 | 16 | 19)
        | (51..=55, 16)
        | (34 | 37, 15)
        | (30 | 36 | 38 | 39, 14 | 16 | 19)
        | (60 | 62 | 64 | 65 | 81, 16..=19)
        | (50 | 56..=59 | 61 | 63 | 66..=69, 13..=19) => true,
        _ => false,
    }
}

fn luhn(values: &[u32]) -> bool {
    let sum: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| match (index % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10) && values.iter().any(|digit| *digit != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        cards(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn numbers_of_all_issuers_are_found_in_all_groupings() {
        for (text, expected) in [
            ("4111111111111111", "4111111111111111"),
            ("card 5555-5555-5555-4444.", "5555-5555-5555-4444"),
            ("3782 822463 10005", "3782 822463 10005"),
            (
                "6011\u{a0}1111\u{a0}1111\u{a0}1117",
                "6011\u{a0}1111\u{a0}1111\u{a0}1117",
            ),
            (
                "４１１１１１１１１１１１１１１１",
                "４１１１１１１１１１１１１１１１",
            ),
            ("no. 12 4111 1111 1111 1111 7", "4111 1111 1111 1111"),
            ("3530111333300000", "3530111333300000"),
            ("id:4012888888881881;", "4012888888881881"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
        assert_eq!(found("4111111111111111 5555555555554444").len(), 2);
    }

    #[test]
    fn a_wrong_check_digit_another_length_or_a_fraction_is_no_card() {
        for text in [
            "4111111111111112",
            "411111111111111",
            "1700000000000000",
            "45.4111111111111111",
            "4111111111111111.5",
            "0000000000000000",
            "94111111111111111",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
