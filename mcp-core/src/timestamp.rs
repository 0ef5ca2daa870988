//! A moment as text, as [RFC 3339] has it, to the millisecond.
//!
//! [RFC 3339]: https://www.rfc-editor.org/rfc/rfc3339

use std::time::{SystemTime, UNIX_EPOCH};

/// Appends a moment, such as `2026-11-22T13:09:00.123Z`. One before 1970 is taken as the start of 1970.
pub(crate) fn write_timestamp(out: &mut Vec<u8>, moment: SystemTime) {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs();
    let (year, month, day) = date(seconds / 86_400);
    let of_day = seconds % 86_400;
    let millis = u64::from(since.subsec_millis());
    let ([y1, y2], [y3, y4]) = (digits(year / 100), digits(year));
    let ([o1, o2], [d1, d2]) = (digits(month), digits(day));
    let ([h1, h2], [m1, m2]) = (digits(of_day / 3_600), digits(of_day / 60 % 60));
    let ([s1, s2], [z1, z2]) = (digits(of_day % 60), digits(millis / 10));
    let [_, z3] = digits(millis);
    out.extend_from_slice(&[
        y1, y2, y3, y4, b'-', o1, o2, b'-', d1, d2, b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'.',
        z1, z2, z3, b'Z',
    ]);
}

/// The date of a day counted from the start of 1970. Years are counted from March, so that the day that
/// some have more comes last; an era is 400 years, after which the calendar repeats.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let (month, later) = if from_march < 10 {
        (from_march + 3, 0)
    } else {
        (from_march - 9, 1)
    };
    (400 * era + year + later, month, day)
}

/// The last two digits of a number.
fn digits(number: u64) -> [u8; 2] {
    // A digit fits.
    let digit = |digit: u64| b'0' + u8::try_from(digit).unwrap_or_default();
    [digit(number / 10 % 10), digit(number % 10)]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn text(seconds: u64, millis: u64) -> String {
        let mut out = Vec::new();
        let since = Duration::from_secs(seconds) + Duration::from_millis(millis);
        write_timestamp(&mut out, UNIX_EPOCH + since);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn moments_are_those_of_other_programs() {
        // What `date -u --date=@N` prints.
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00.007Z"),
            (951_782_399, "2000-02-28T23:59:59.007Z"),
            (951_782_400, "2000-02-29T00:00:00.007Z"),
            (951_868_800, "2000-03-01T00:00:00.007Z"),
            (1_709_164_800, "2024-02-29T00:00:00.007Z"),
            (1_795_352_938, "2026-11-22T13:08:58.007Z"),
            (4_107_542_400, "2100-03-01T00:00:00.007Z"),
        ] {
            assert_eq!(text(seconds, 7), expected);
        }
    }
}
