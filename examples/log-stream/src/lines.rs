//! Lines of a log as text, each cut to what an answer can hold.

use std::borrow::Cow;

/// The most of a line that is shown, in bytes.
pub(crate) const MAX_LINE: usize = 1_000;

/// Stands where something of a line was left out.
pub(crate) const CUT: &str = "[..cut..]";

/// The lines of some bytes, each with its end.
pub(crate) fn split(bytes: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

/// The lines after the first one, if there are any: bytes from the middle of a file begin in the
/// middle of a line, as far as anybody knows.
pub(crate) fn after_first(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let rest = bytes.get(end.saturating_add(1)..)?;
    (!rest.is_empty()).then_some(rest)
}

/// A line as text, without its end. What is not UTF-8 in it becomes U+FFFD, so that every file can be
/// read.
pub(crate) fn text(line: &[u8]) -> Cow<'_, str> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line))
}

/// A line as it is shown: of a long one, the part around `place`.
pub(crate) fn shown(line: &str, place: usize) -> String {
    if line.len() <= MAX_LINE {
        return line.to_owned();
    }
    // What came before it helps to understand what stands there, so a quarter is for that.
    let last = line.len() - MAX_LINE;
    let start = next_boundary(line, place.saturating_sub(MAX_LINE / 4).min(last));
    let end = previous_boundary(line, start.saturating_add(MAX_LINE));
    let part = line.get(start..end).unwrap_or_default();
    let before = if start > 0 { CUT } else { "" };
    let after = if end < line.len() { CUT } else { "" };
    format!("{before}{part}{after}")
}

/// The first place from here on that is not inside a character.
fn next_boundary(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

/// The last place up to here that is not inside a character.
fn previous_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rfind(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{CUT, MAX_LINE, shown, split, text};

    #[test]
    fn lines_end_with_a_line_feed_and_perhaps_a_carriage_return() {
        for (bytes, expected) in [
            (&b"a\nb\n"[..], &["a", "b"][..]),
            (b"a\r\nb", &["a", "b"]),
            (b"a\n\n", &["a", ""]),
            (b"\n", &[""]),
            (b"", &[]),
        ] {
            let lines: Vec<_> = split(bytes).map(text).collect();
            assert_eq!(lines, expected, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_not_utf_8_is_replaced() {
        assert_eq!(text(b"caf\xe9 \xc3\xa9"), "caf\u{fffd} \u{e9}");
    }

    #[test]
    fn a_line_of_n_bytes_is_whole_and_one_of_n_plus_one_is_cut() {
        let whole = "x".repeat(MAX_LINE);
        assert_eq!(shown(&whole, 0), whole);
        assert_eq!(shown(&format!("{whole}y"), 0), format!("{whole}{CUT}"));
        assert_eq!(
            shown(&format!("y{whole}"), MAX_LINE),
            format!("{CUT}{whole}")
        );
    }

    #[test]
    fn a_cut_line_shows_the_place_that_matters_and_no_half_characters() {
        let sides = "\u{e9}".repeat(5 * MAX_LINE);
        for filler in ["", "x"] {
            let line = format!("{filler}{sides}needle{sides}");
            let part = shown(&line, filler.len() + sides.len());
            assert!(part.contains("needle"), "{part}");
            assert!(part.starts_with(CUT) && part.ends_with(CUT), "{part}");
            assert!(part.len() <= MAX_LINE + 2 * CUT.len(), "{}", part.len());
        }
    }
}
